import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { identityOf, thisProcess } from "../../../provider/base/process/identity";
import { LONGEST_USE } from "../../../provider/base/process/leftovers";
import { abandonedClaim, putClaim, releaseClaim, type Claim } from "../../../provider/store/claim";
import { buildPaths, type BuildPaths } from "../../../provider/store/paths";
import { at, scratch, id, putBuild, putMark } from "./scratch";
import { claimed, FAILED_LOGS, oldFailedLogs, removeUnfinished } from "../../../provider/store/unfinished";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { newLease } from "../../../provider/base/lease/lease-file";
import { readVerification } from "../../../provider/store/verification";
import { backgroundReason, readBackground, writeVerifying } from "../../../provider/store/verifying";
import type { Verifying } from "../../../provider/store/verifying";

describe("store: the claim of a build", () => {
  /** No process has its number. */
  const gone = { ...thisProcess(), pid: 2 ** 22 + 1 };
  let directory: string;
  let building: string;
  /** Rewrites the claim as another maker would have written it. */
  function change(changes: Partial<Claim>): void {
    const claim = JSON.parse(readFileSync(building, "utf8")) as Claim;
    writeFileSync(building, JSON.stringify({ ...claim, ...changes }));
  }

  beforeEach(async () => {
    ({ directory, building } = buildPaths(scratch(), "web", at(1)));
    mkdirSync(directory);
    await putClaim(building, directory, "ENGINE");
  });
  afterEach(() => releaseClaim(building));

  it("is not abandoned while this process is at the build, and is when it has let go of it", async () => {
    assert.equal(await abandonedClaim(building, directory), null);
    releaseClaim(building);
    assert.equal((await abandonedClaim(building, directory))?.engine, "ENGINE");
  });

  it("is abandoned once its process is gone, and not before", async () => {
    change({ maker: identityOf(process.ppid) });
    assert.equal(await abandonedClaim(building, directory), null);
    change({ maker: gone });
    assert.notEqual(await abandonedClaim(building, directory), null);
  });

  it("of another machine is none of ours until it is older than any build can be", async () => {
    change({ maker: { ...gone, space: "0".repeat(16) } });
    const written = Date.now();
    assert.equal(await abandonedClaim(building, directory, written + LONGEST_USE - 60_000), null);
    assert.notEqual(await abandonedClaim(building, directory, written + LONGEST_USE + 60_000), null);
  });

  it("in a form that is not known is none of ours", async () => {
    for (const text of ["", "{}", "null", '{"maker":1}', `{"maker":${JSON.stringify(gone)}`]) {
      writeFileSync(building, text);
      assert.equal(await abandonedClaim(building, directory), null);
    }
    assert.equal(await abandonedClaim(join(directory, "none"), directory), null);
  });

  it("of a folder that was copied or moved is none of ours: the image may be another store's", async () => {
    change({ maker: gone });
    const file = (folder: string): string => join(folder, `web-${at(1)}.building`);
    const copy = `${directory}-copy`;
    cpSync(directory, copy, { recursive: true });
    assert.equal(await abandonedClaim(file(copy), copy), null);
    const moved = `${directory}-moved`;
    renameSync(directory, moved);
    assert.equal(await abandonedClaim(file(moved), moved), null);
    // A copy at the very path of the original is another folder.
    renameSync(copy, directory);
    assert.equal(await abandonedClaim(file(directory), directory), null);
  });
});

const log = (second: number): string => `web-${at(second)}.build.log`;

describe("store: logs of failed builds", () => {
  const logs = [1, 2, 3, 4, 5, 6, 7].map(log);

  it("are kept, the newest few", () => {
    assert.equal(FAILED_LOGS, 5);
    assert.deepEqual(oldFailedLogs([...logs].reverse(), "web"), [log(1), log(2)]);
    assert.deepEqual(oldFailedLogs(logs.slice(0, 5), "web"), []);
    assert.deepEqual(oldFailedLogs(logs, "web", 0), logs);
    assert.deepEqual(oldFailedLogs([], "web"), []);
  });

  it("are told from those of builds that have anything else, and of other artifacts", () => {
    const suffixes = [".lock", ".build.json", ".building", ".rough.Dockerfile", ".verified"];
    const others = suffixes.map((suffix, index) => `web-${at(index + 1)}${suffix}`);
    const all = [...logs, ...others, "latest", "web-x.build.log"];
    assert.deepEqual(oldFailedLogs(all, "web", 0), [log(6), log(7)]);
    assert.deepEqual(oldFailedLogs(logs, "we", 0), []);
    assert.deepEqual(oldFailedLogs([`web-app-${at(1)}.build.log`], "web", 0), []);
  });
});

describe("store: a build that has begun and not ended", () => {
  it("is known by its claim", () => {
    const claims = [`web-${at(1)}`, `web-${at(2, 1)}`, `web-app-${at(3)}`].map((stem) => `${stem}.building`);
    assert.deepEqual(claimed([...claims, log(4)], "web"), [at(1), at(2, 1)]);
  });

  it("goes with its half-written files, but for its log; all other builds stay", async () => {
    const paths = buildPaths(scratch(), "web", at(1));
    mkdirSync(paths.directory);
    const stay = [log(1), `web-${at(1, 1)}.lock`, `web-${at(2)}.lock`, "latest"];
    const go = [".building", ".rough.Dockerfile", ".lock", ".lock.1234567", ".Dockerfile", ".build.json"];
    for (const name of [...stay, ...go.map((suffix) => `web-${at(1)}${suffix}`)])
      writeFileSync(join(paths.directory, name), "");
    await removeUnfinished(paths, readdirSync(paths.directory));
    assert.deepEqual(readdirSync(paths.directory).sort(), stay.sort());
  });
});

describe("the claim of a verification in the background", () => {
  let paths: BuildPaths;
  beforeEach(async () => (paths = await putBuild(scratch(), "web", at(1))));
  const claim = async (changes: Partial<Verifying> = {}): Promise<void> =>
    writeVerifying(paths, { ...newLease(), failed: null, ...changes });
  const phase = async (now?: Date): Promise<string | undefined> => (await readBackground(paths, now))?.phase;

  it("is running as long as its process is, and that one only", async () => {
    await claim();
    assert.equal(await phase(), "running");
    await claim({ started: "1" });
    assert.equal(await phase(), "dead", "its number went to another process");
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    await once(child, "spawn");
    await claim(identityOf(child.pid ?? 0));
    assert.equal(await phase(), "running");
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(await phase(), "dead");
  });

  it("of another machine, or from before a restart, runs as long as it shows signs of life", async () => {
    await claim({ space: "ffffffffffffffff" });
    const now = Date.now();
    assert.equal(await phase(new Date(now + 100_000)), "running");
    assert.equal(await phase(new Date(now + 150_000)), "dead");
    utimesSync(paths.verifying, new Date(now + 140_000), new Date(now + 140_000));
    assert.equal(await phase(new Date(now + 150_000)), "running");
  });

  it("whose number alone is known runs as long as it shows signs of life", async () => {
    await claim({ started: null });
    const now = Date.now();
    assert.equal(await phase(new Date(now + 100_000)), "running");
    assert.equal(await phase(new Date(now + 150_000)), "dead");
    assert.equal(await phase(new Date(now - 150_000)), "dead", "a clock that was put back");
  });

  it("that says why nothing was proven has failed, whatever became of its process", async () => {
    await claim({ failed: "the index is not reachable" });
    const background = (await readBackground(paths)) ?? assert.fail("none");
    const log = `log: web/web-${at(1)}.verify.log in the artifact store`;
    const words = `the rebuild in the background proved nothing: the index is not reachable (${log})`;
    assert.deepEqual([background.phase, backgroundReason(background)], ["failed", words]);
  });

  it("is none when nobody can understand it", async () => {
    assert.equal(await readBackground(paths), null);
    writeFileSync(paths.verifying, "{");
    assert.equal(await readBackground(paths), null);
  });

  it("gives an unknown build its reason, and never stands against a mark or a lock", async () => {
    await claim({ started: "1" });
    const unmarked = await readVerification(paths, id("a"));
    assert.deepEqual([unmarked.state, unmarked.background?.phase], ["unknown", "dead"]);
    const ended = /^the rebuild in the background \(process \d+ on \S+, since \S+\) ended/;
    assert.match(unmarked.reason ?? "", ended);
    await putMark(paths);
    assert.equal((await readVerification(paths, id("a"))).state, "verified");
    const other = await readVerification(paths, id("b"));
    assert.deepEqual([other.state, other.background], ["unknown", undefined]);
    assert.match(other.reason ?? "", /^the mark is about another image/);
  });
});
