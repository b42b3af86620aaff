import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeInside } from "../../support/pulumi-project";

describe("writeInside", () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), "verified-images-unit-"))));
  afterEach(() => rm(directory, { recursive: true }));

  it("makes the folders on the way", async () => {
    await writeInside(directory, "a/b/c.txt", "text");
    assert.equal(await readFile(join(directory, "a/b/c.txt"), "utf8"), "text");
  });

  it("refuses every path that leads outside", async () => {
    for (const path of ["../x", "a/../../x", "/etc/x", ".", ""]) {
      await assert.rejects(writeInside(directory, path, "text"), /is not inside the project/);
    }
    assert.deepEqual(await readdir(directory), []);
  });
});
