import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pointAtomic, writeAtomic } from "../../../provider/store/write";
import { removeScratch, scratch } from "./scratch";

describe("store: writing", () => {
  after(removeScratch);

  it("replaces a whole file, and leaves nothing beside it", async () => {
    const directory = scratch();
    const file = join(directory, "a.lock");
    await writeAtomic(file, "ä\n".repeat(100_000));
    await writeAtomic(file, "second");
    assert.equal(readFileSync(file, "utf8"), "second");
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(directory), ["a.lock"]);
  });

  it("fails where the file can't be written", async () => {
    const directory = scratch();
    mkdirSync(join(directory, "a.lock"));
    await assert.rejects(writeAtomic(join(directory, "a.lock"), "x"));
    await assert.rejects(writeAtomic(join(directory, "none", "a.lock"), "x"), { code: "ENOENT" });
    assert.deepEqual(readdirSync(directory), ["a.lock"]);
  });

  it("points a relative link, over an old one and over a file", async () => {
    const directory = scratch();
    const link = join(directory, "latest");
    writeFileSync(link, "a file where links are not known");
    await pointAtomic(link, join(directory, "one.lock"));
    assert.equal(readlinkSync(link), "one.lock");
    await pointAtomic(link, join(directory, "two.lock"));
    assert.equal(readlinkSync(link), "two.lock");
    assert.deepEqual(readdirSync(directory), ["latest"]);
  });

  it("takes its temporary link away when the place is a directory", async () => {
    const directory = scratch();
    mkdirSync(join(directory, "latest"));
    await assert.rejects(pointAtomic(join(directory, "latest"), "one.lock"));
    assert.deepEqual(readdirSync(directory), ["latest"]);
  });
});
