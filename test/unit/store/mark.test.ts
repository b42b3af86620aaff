import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { StoreError } from "../../../provider/base/errors/store-error";
import { clearMarks, readMark, writeMark, type Mark } from "../../../provider/store/mark";
import { hashOfFile, judgeMark, noDrift, readVerification } from "../../../provider/store/verification";
import type { Verification } from "../../../provider/store/verified-state";
import { driftOf } from "../packages/in-short";
import { at, id, markOf, putBuild, putMark, scratch } from "./scratch";

const drift = driftOf("~ dpkg:curl | 1 -> 2");

describe("store: marks", () => {
  it("are one of two files, never both", async () => {
    const paths = await putBuild(scratch(), "web", at(1));
    assert.equal(await readMark(paths), null);
    await writeMark(paths, "verified", markOf());
    assert.deepEqual(await readMark(paths), { state: "verified", mark: markOf() });
    const differs = markOf({ drift, reason: "differs" });
    await writeMark(paths, "unverified", differs);
    assert.deepEqual(await readMark(paths), { state: "unverified", mark: differs });
    assert.ok(!existsSync(paths.verified));
    await writeMark(paths, "verified", markOf());
    assert.ok(!existsSync(paths.unverified));
    await clearMarks(paths);
    assert.equal(await readMark(paths), null);
    await clearMarks(paths);
  });

  it("found both count as unverified", async () => {
    const paths = await putBuild(scratch(), "web", at(1));
    await writeMark(paths, "unverified", markOf({ reason: "differs" }));
    writeFileSync(paths.verified, JSON.stringify(markOf()));
    assert.equal((await readMark(paths))?.state, "unverified");
  });

  it("that can't be read or understood are errors, never a pass or a missing mark", async () => {
    for (const name of ["verified", "unverified"] as const) {
      const paths = await putBuild(scratch(), "web", at(1));
      for (const text of ["", "{}", "null", JSON.stringify({ ...markOf(), drift: [] })]) {
        writeFileSync(paths[name], text);
        const words = /^UnintelligibleMarkError: .* can't be understood; verify the build again$/s;
        await assert.rejects(readMark(paths), words);
      }
      const other = await putBuild(scratch(), "web", at(1));
      mkdirSync(other[name]);
      await assert.rejects(readMark(other), /can't be read: it is no plain file/);
      rmSync(other[name], { recursive: true });
      execFileSync("mkfifo", [other[name]]);
      const pipe = "a pipe that nobody writes to";
      await assert.rejects(readMark(other), /can't be read: it is no plain file/, pipe);
    }
  });
});

describe("store: what a mark is worth", () => {
  const found = (state: "verified" | "unverified", changes: Partial<Mark> = {}): Verification =>
    judgeMark({ state, mark: markOf(changes) }, id("a"), id("3"));

  it("verified, when it is about this image and this lock, with what proves it", () => {
    const verified = { state: "verified", drift: noDrift(), reason: null };
    assert.deepEqual(found("verified"), { ...verified, proof: "round trip" });
    const locked = { proof: "locked" as const, fromCache: "2 of 3 steps from cache" };
    assert.deepEqual(found("verified", locked), { ...verified, ...locked });
  });

  it("unverified, with its drift and reason, or with its summary", () => {
    const differs = { drift, reason: "differs" };
    assert.deepEqual(found("unverified", differs), { state: "unverified", ...differs });
    assert.equal(found("unverified", { summary: "drift in 1" }).reason, "drift in 1");
  });

  it("unknown without a mark, without a lock, with another lock, with another image", () => {
    const one = { state: "verified" as const, mark: markOf() };
    for (const [verification, words] of [
      [judgeMark(null, id("a"), id("3")), /has not been verified yet/],
      [judgeMark(one, id("a"), null), /lock file is missing/],
      [judgeMark(one, id("a"), id("5")), /lock file has changed since .*sha256:3.*sha256:5/],
      [judgeMark(one, id("b"), id("3")), /about another image .*sha256:a.*sha256:b/],
    ] as const) {
      assert.equal(verification.state, "unknown");
      assert.deepEqual(verification.drift, noDrift());
      assert.match(verification.reason ?? "", words);
    }
  });

  it("no pass when the mark itself tells of drift or a reason, whatever its file is called", () => {
    assert.equal(found("verified", { drift }).state, "unverified");
    assert.deepEqual(found("verified", { drift }).drift, drift);
    assert.equal(found("verified", { reason: "differs" }).state, "unverified");
  });

  it("is read from the store with the lock as it is now", async () => {
    const paths = await putBuild(scratch(), "web", at(1), { lock: "one" });
    await putMark(paths);
    assert.equal((await readVerification(paths, id("a"))).state, "verified");
    writeFileSync(paths.lock, "two");
    assert.equal((await readVerification(paths, id("a"))).state, "unknown");
    await putMark(paths);
    const forged = await readVerification(paths, id("a"));
    assert.equal(forged.state, "unknown", "lock and mark agree, but the record names another lock");
    assert.match(forged.reason ?? "", /not the one that the build has written/);
  });

  it("hashes a file's bytes; a missing one has no hash, one that can't be read is an error", async () => {
    const paths = await putBuild(scratch(), "web", at(1), { lock: "abc" });
    const abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.equal(await hashOfFile(paths.lock), abc);
    assert.equal(await hashOfFile(paths.verified), null);
    await assert.rejects(hashOfFile(paths.directory), StoreError);
  });
});
