import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, lstat, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkVerified } from "../../provider/build/functions/check-verified";
import { verifyRoundTrip } from "../../provider/build/functions/verify-round-trip";
import { ContextChangedError, OtherEngineError } from "../../provider/build/roundtrip/errors";
import { isCanonical } from "../../provider/packages/lock/parse";
import { StoreError } from "../../provider/base/errors/store-error";
import { readRecord } from "../../provider/store/record";
import { docker, imageExists, imageId } from "../support/docker";
import { quickBench, type Bench } from "./support/bench";
import { quietly } from "./support/quietly";
import { COPY_ONLY } from "./support/recipes";

const PACKAGES = { base: "1.0", tool: "2.0-1" };

describe("the store of an artifact", function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(async () => (bench = await quickBench(PACKAGES)));
  afterEach(() => bench.dispose());

  it("holds the files of a verified build under the contract's names, and a relative link to the newest lock", async () => {
    const { timestamp, reference } = await bench.build();
    const stem = `${bench.name}-${timestamp}`;
    assert.match(timestamp, /^\d{8}T\d{9}Z$/);
    assert.equal(reference, `${bench.name}:${timestamp}`);
    const suffixes = [
      "Dockerfile",
      "build.json",
      "build.log",
      "lock",
      "rough.Dockerfile",
      "verified",
      "verify.log",
    ];
    assert.deepEqual(await bench.stored(), [...suffixes.map((suffix) => `${stem}.${suffix}`), "latest"]);
    const { latest, rough } = bench.paths(timestamp);
    assert.ok((await lstat(latest)).isSymbolicLink());
    assert.equal(await readlink(latest), `${stem}.lock`);
    assert.equal(await readFile(rough, "utf8"), COPY_ONLY);
  });

  it("holds a lock with one package on each line, and whose hash is the output", async () => {
    const built = await bench.build({ verify: "skip" });
    const bytes = await readFile(bench.paths(built.timestamp).lock);
    assert.equal(built.lockHash, `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    const ofPackages = bytes
      .toString()
      .split("\n")
      .filter((line) => line.includes('"ecosystem":'));
    const parsed = ofPackages.map((line): unknown => JSON.parse(line.trim().replace(/,$/, "")));
    assert.deepEqual(parsed, (await bench.lock(built)).packages);
    assert.ok(isCanonical(bytes));
    assert.deepEqual(built.packages, { dpkg: 2 });
  });

  it("gives the same lock, byte for byte, for the same packages in another place", async () => {
    const other = await quickBench(PACKAGES);
    try {
      const [one, two] = [await bench.build({ verify: "skip" }), await other.build({ verify: "skip" })];
      assert.equal(one.lockHash, two.lockHash);
    } finally {
      await other.dispose();
    }
  });

  it("records everything that the rebuild needs, and no absolute path", async () => {
    const {
      timestamp,
      imageId: id,
      lockHash,
    } = await bench.build({ verify: "skip", labels: { owner: "us" } });
    const { record } = bench.paths(timestamp);
    const known = await readRecord(record);
    assert.equal(known?.imageId, id);
    assert.equal(known.lockHash, lockHash);
    assert.deepEqual(known.labels, { owner: "us" });
    assert.ok(!(await readFile(record, "utf8")).includes(`"${bench.directory}`));
  });

  it("has no verdict after verify: skip, until verifyRoundTrip gives one", async () => {
    const built = await bench.build({ verify: "skip" });
    assert.equal(built.verified, "unknown");
    assert.equal(built.reason, "the rebuild was skipped (verify: skip)");
    assert.match(built.warnings[0] ?? "", /^not verified: the rebuild was skipped/);
    const { result, lines } = await quietly(() => verifyRoundTrip(bench.name, bench.root, built.timestamp));
    const { identical, summary, ...drift } = result;
    assert.match(lines.join("\n"), /: locked rebuild \.\.\.\n.*: locked rebuild done after \d+\.\d s\n/);
    assert.deepEqual(drift, { changed: [], added: [], removed: [] });
    assert.equal(identical, true);
    assert.equal(summary, "no drift: 2 packages identical");
    const again = await bench.build();
    assert.deepEqual(again.steps, []);
    assert.equal(again.verified, "verified");
  });

  it("lets no other engine than the builder's judge a build, and keeps the verdict that there is", async () => {
    const { timestamp } = await bench.build();
    const { record: file, verified } = bench.paths(timestamp);
    const record = await readRecord(file);
    const engine = { ...record?.engine, id: "OTHER" };
    await writeFile(file, JSON.stringify({ ...record, engine }));
    const mark = await readFile(verified, "utf8");
    await assert.rejects(
      quietly(() => verifyRoundTrip(bench.name, bench.root, timestamp)),
      OtherEngineError,
    );
    assert.equal(await readFile(verified, "utf8"), mark);
  });

  it("counts no mark for a lock that was changed by hand, and rebuilds from none", async () => {
    const { timestamp, reference } = await bench.build();
    const { lock } = bench.paths(timestamp);
    const bytes = await readFile(lock, "utf8");
    await writeFile(lock, bytes.replace("2.0-1", "2.0-2"));
    const { result, lines } = await quietly(() => checkVerified(reference, { root: bench.root }));
    assert.equal(result.state, "unknown");
    assert.match(result.detail, /the lock file has changed since the mark was written/);
    assert.deepEqual(lines, [`warning: ${result.detail}`]);
    await assert.rejects(verifyRoundTrip(bench.name, bench.root, timestamp), StoreError);
    await writeFile(lock, bytes);
    const { state } = await checkVerified(reference, { root: bench.root });
    assert.equal(state, "verified", "the mark is about this very lock again");
  });

  it("rebuilds from no locked recipe that was changed by hand", async () => {
    const { timestamp } = await bench.build({ verify: "skip" });
    const { locked } = bench.paths(timestamp);
    await appendFile(locked, "LABEL more=this\n");
    await assert.rejects(verifyRoundTrip(bench.name, bench.root, timestamp), StoreError);
    assert.ok(!(await bench.stored()).some((name) => name.endsWith("verified")));
  });

  it("takes no verdict from a context that has changed since the build", async () => {
    const { timestamp, reference } = await bench.build({ verify: "skip" });
    await bench.write("app", "two");
    await assert.rejects(verifyRoundTrip(bench.name, bench.root, timestamp), (error: unknown) => {
      assert.ok(error instanceof ContextChangedError);
      assert.match(
        error.message,
        /has changed since the image was built.*build again from the present context/,
      );
      return true;
    });
    assert.ok(!(await bench.stored()).some((name) => name.endsWith("verified")));
    const { result } = await quietly(() => checkVerified(reference, { root: bench.root }));
    assert.equal(result.state, "unknown");
  });

  it("may lie deep in the context, in folders that are not there yet", async () => {
    const root = join(bench.context, "artifacts", "store");
    const first = await bench.build({ root });
    assert.deepEqual([first.verified, first.reason], ["verified", null]);
    assert.deepEqual((await bench.build({ root })).steps, []);
  });

  it("says that a build is not there instead of guessing", async () => {
    await bench.build({ verify: "skip" });
    const missing = "20010101T000000000Z";
    await assert.rejects(verifyRoundTrip(bench.name, bench.root, missing), StoreError);
    const { result } = await quietly(() => checkVerified(`${bench.name}:${missing}`, { root: bench.root }));
    assert.equal(result.state, "unknown");
  });
});

describe("retain", function () {
  this.timeout(60_000);
  let bench: Bench;
  before(async () => (bench = await quickBench(PACKAGES)));
  after(() => bench?.dispose());

  it("prunes old builds and their images, but none that has another name, and none that is kept", async () => {
    const ran: { timestamp: string; reference: string; imageId: string }[] = [];
    for (const turn of ["promoted", "kept", "old", "recent", "newest"]) {
      await bench.write("app", turn);
      const more = turn === "kept" ? { keep: true } : {};
      ran.push(await bench.build({ verify: "skip", retain: turn === "newest" ? 2 : 10, ...more }));
      if (turn === "promoted") await docker(["tag", ran[0]?.reference ?? "", `${bench.name}:production`]);
    }
    const [promoted, kept, old, recent, newest] = ran.map(({ timestamp }) => timestamp);
    const locks = (await bench.stored()).filter((name) => name.endsWith(".lock"));
    assert.deepEqual(
      locks,
      [promoted, kept, recent, newest].map((timestamp) => `${bench.name}-${timestamp}.lock`),
    );
    assert.ok(!(await bench.stored()).some((name) => name.includes(old ?? "?")), "every file of it went");
    assert.equal(await imageExists(`${bench.name}:${old}`), false);
    assert.equal(await imageExists(ran[2]?.imageId ?? ""), false);
    assert.equal(await imageId(`${bench.name}:production`), ran[0]?.imageId);
    assert.equal(await readlink(bench.paths("").latest), `${bench.name}-${newest}.lock`);
  });
});
