import assert from "node:assert/strict";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../../support/child";
import { withArtifact } from "../../../../provider/base/lease/artifact";
import { removeScratch, scratch } from "../../store/scratch";

describe("many processes that find one dead process after the other", function () {
  this.timeout(120_000);
  after(removeScratch);

  it("replace it one at a time, and none takes another one's lease for the dead one's", async () => {
    const root = join(scratch(), "store");
    mkdirSync(root);
    const contender = ["--import", "tsx", join(__dirname, "contender.ts"), root, "100"];
    const ends = await Promise.all(
      Array.from({ length: 4 }, () => runChild(process.execPath, contender, { timeoutMs: 100_000 })),
    );
    for (const { code, stderr } of ends) assert.equal(code, 0, stderr);
    await withArtifact({ root, name: "web", note: () => undefined }, () => Promise.resolve());
    assert.deepEqual(readdirSync(root), []);
  });
});
