import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { ownFolder } from "../../support/own-folder";
import { writeInside } from "../../support/pulumi-project";

describe("writeInside", () => {
  const at = ownFolder();

  it("makes the folders on the way", async () => {
    await writeInside(at(), "a/b/c.txt", "text");
    assert.equal(readFileSync(at("a/b/c.txt"), "utf8"), "text");
  });

  for (const path of ["../x", "a/../../x", "/etc/x", ".", ""]) {
    it(`refuses ${JSON.stringify(path)}, which is not inside`, async () => {
      await assert.rejects(writeInside(at(), path, "text"), /is not inside the project/);
      assert.deepEqual(readdirSync(at()), []);
    });
  }
});
