import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync, writeFileSync } from "node:fs";
import { newLease } from "../../../provider/base/lease/lease-file";
import { identityOf } from "../../../provider/base/process/identity";
import { writeMark } from "../../../provider/store/mark";
import type { BuildPaths } from "../../../provider/store/paths";
import { hashOfFile, noDrift, readVerification } from "../../../provider/store/verification";
import {
  backgroundReason,
  readBackground,
  writeVerifying,
  type Verifying,
} from "../../../provider/store/verifying";
import { at, id, putBuild, removeScratch, scratch } from "./scratch";

describe("the claim of a verification in the background", () => {
  after(removeScratch);
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
    const background = await readBackground(paths);
    assert.equal(background?.phase, "failed");
    assert.equal(
      backgroundReason(background),
      `the rebuild in the background proved nothing: the index is not reachable (log: web/web-${at(1)}.verify.log in the artifact store)`,
    );
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
    assert.match(
      unmarked.reason ?? "",
      /^the rebuild in the background \(process \d+ on \S+, since \S+\) ended/,
    );
    const lockHash = (await hashOfFile(paths.lock)) ?? "";
    const mark = { imageId: id("a"), lockHash, drift: noDrift(), reason: null, summary: "", at: "" };
    await writeMark(paths, "verified", mark);
    assert.equal((await readVerification(paths, id("a"))).state, "verified");
    const other = await readVerification(paths, id("b"));
    assert.deepEqual([other.state, other.background], ["unknown", undefined]);
    assert.match(other.reason ?? "", /^the mark is about another image/);
  });
});
