import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { newLease } from "../../../../provider/base/lease/lease-file";
import { identityOf } from "../../../../provider/base/process/identity";
import { appendReceipt, prepareReceipt } from "../../../../provider/promote/receipts/append";
import { historyLease, HISTORY_TIMES } from "../../../../provider/promote/receipts/append";
import { historyFile, readHistory, tornFile } from "../../../../provider/promote/receipts/read-history";
import { sha256 } from "../../../../provider/promote/receipts/receipt";
import { StoreError } from "../../../../provider/base/errors/store-error";
import { each } from "../../../support/each";
import { runChild } from "../../../support/child";
import { scratch } from "../../store/scratch";
import { factsWith } from "./facts";
import { whoPromotes } from "../../../../provider/promote/receipts/who";

/** No process has it. */
const GONE = 2 ** 22 + 1;

describe("a receipt", function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(() => (root = join(scratch(), "not", "there", "yet")));

  it("is a line after the last one, on disk, and the lease on the history is gone", async () => {
    await prepareReceipt(root);
    assert.deepEqual(await appendReceipt(root, factsWith()), []);
    assert.deepEqual(await appendReceipt(root, factsWith({ source: "web:2" })), []);
    const { lines, problems, torn } = await readHistory(root);
    assert.deepEqual([problems, torn], [[], null]);
    const sources = lines.map(({ receipt }) => receipt?.source);
    assert.deepEqual(sources, [factsWith().source, "web:2"]);
    assert.deepEqual(readdirSync(root), ["promotions.jsonl"]);
  });

  it("is written where handles can't sync, as with Yarn's Plug'n'Play", async () => {
    const missing = (): never => {
      throw new Error("Method not implemented.");
    };
    const handle = await open(__filename);
    const shared = Object.getPrototypeOf(handle) as { datasync: unknown; sync: unknown };
    await handle.close();
    const { datasync, sync } = shared;
    Object.assign(shared, { datasync: missing, sync: missing });
    try {
      assert.deepEqual(await appendReceipt(root, factsWith()), []);
      appendFileSync(historyFile(root), "cut");
      assert.match((await appendReceipt(root, factsWith())).join(), /was cut off/);
    } finally {
      Object.assign(shared, { datasync, sync });
    }
    assert.equal((await readHistory(root)).lines.length, 2);
  });

  it("is in one chain, whichever of several processes writes it", async () => {
    mkdirSync(root, { recursive: true });
    const child = ["--import", "tsx", join(__dirname, "appender.ts"), root, "15", "3"];
    const runs = await Promise.all([1, 2, 3].map(() => runChild(process.execPath, child)));
    for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
    const { lines, problems, torn } = await readHistory(root);
    assert.deepEqual([lines.length, problems, torn], [45, [], null]);
    const writers = lines.map(({ receipt }) => receipt?.source.split(":")[0]);
    const changes = writers.filter((writer, index) => index > 0 && writer !== writers[index - 1]).length;
    assert.ok(changes > 2, "the processes wrote one after the other, and proved nothing");
  });

  it("puts a line aside that a crash has cut off, names it, and says so", async () => {
    await appendReceipt(root, factsWith());
    appendFileSync(historyFile(root), '{"at":"2026');
    const words = await appendReceipt(root, factsWith());
    assert.match(words.join(), /the last line of .*promotions\.jsonl was cut off/);
    assert.equal(readFileSync(tornFile(root), "utf8"), '{"at":"2026\n');
    const { lines, problems, torn } = await readHistory(root);
    assert.deepEqual([problems, torn], [[], null]);
    const said = lines.map(({ receipt }) => receipt?.torn);
    assert.deepEqual(said, [null, sha256('{"at":"2026')]);
    assert.deepEqual(await appendReceipt(root, factsWith()), []);
  });

  it("is written after a chain that is broken too, which is said", async () => {
    await appendReceipt(root, factsWith());
    writeFileSync(historyFile(root), readFileSync(historyFile(root), "utf8").replace("ann", "bob"));
    assert.match((await appendReceipt(root, factsWith())).join(), /can't be believed: line 1 was changed/);
    const { problems } = await readHistory(root);
    assert.deepEqual([problems.length, problems[0]?.line], [1, 1]);
  });

  it("takes over from a writer that was killed, and waits for one that lives, within a limit", async () => {
    mkdirSync(root, { recursive: true });
    const lease = { ...newLease(), token: "0123456789abcdef" };
    writeFileSync(historyLease(root), JSON.stringify({ ...lease, pid: GONE }));
    await appendReceipt(root, factsWith());
    writeFileSync(historyLease(root), JSON.stringify({ ...lease, ...identityOf(process.ppid) }));
    const times = { ...HISTORY_TIMES, poll: 5, stale: 10, limit: 100 };
    const message = /is still in use by process \d+ on .*; no tag was moved$/;
    await assert.rejects(prepareReceipt(root, times), { name: "ReceiptError", message });
    const late = appendReceipt(root, factsWith(), times);
    await assert.rejects(late, /could not be written to .*is still in use/);
    assert.equal((await readHistory(root)).lines.length, 1);
  });

  it("is refused before anything is tagged where it can't be written", async () => {
    mkdirSync(historyFile(root), { recursive: true });
    const message = /^no receipt can be written to .*EISDIR.*; no tag was moved$/;
    await assert.rejects(prepareReceipt(root), { name: "ReceiptError", message });
    assert.equal(existsSync(historyLease(root)), false);
    await assert.rejects(readHistory(root), StoreError);
  });
});

const machine = { user: "runner", host: "ci-7" };

describe("whoPromotes", () => {
  it("is the account on the machine where nothing names anybody", () =>
    assert.deepEqual(whoPromotes({ PATH: "/bin", GITHUB_ACTOR: " " }, machine), { ...machine, actor: null }));

  each("is whom %s names", [
    ...[["GITHUB_ACTOR"], ["GITLAB_USER_LOGIN"], ["BUILD_USER"], ["BUILD_USER_ID"]],
    ...[["BUILDKITE_BUILD_CREATOR"], ["BUILD_REQUESTEDFOR"], ["CIRCLE_USERNAME"]],
  ])((name = "") => {
    const actor = "Ann Example";
    assert.deepEqual(whoPromotes({ [name]: actor }, machine), { ...machine, actor });
  });

  it("is who ran a job of GitHub's again, and not who ran it first", () => {
    const env = { GITHUB_ACTOR: "first", GITHUB_TRIGGERING_ACTOR: "again" };
    assert.equal(whoPromotes(env, machine).actor, "again");
  });

  it("takes nothing else of the environment", () => {
    const env = { GITHUB_TOKEN: "s3cret", GITLAB_USER_EMAIL: "a@b", GITHUB_ACTOR: "ann" };
    assert.deepEqual(whoPromotes(env, machine), { ...machine, actor: "ann" });
  });

  it("is one short line without control characters, and never empty", () => {
    const env = { GITHUB_ACTOR: `a\u001b[2J\nb\u202e${"x".repeat(500)}` };
    const { user, host, actor } = whoPromotes(env, { user: "", host: "\n" });
    assert.deepEqual([user, host], ["unknown", "unknown"]);
    assert.match(actor ?? "", /^a \[2J b x+$/);
    assert.equal(actor?.length, 200);
  });
});
