import assert from "node:assert/strict";
import { parseImageId } from "../../../../provider/base/reference/digest";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { registryAt } from "../../../../provider/engines/registry/registry-at";
import { askedOnce } from "../../../../provider/promote/gate/asked-once";
import { planOf } from "../../../../provider/promote/inputs/promotion-inputs";
import { candidateInPreview, SourceGoneError } from "../../../../provider/pulumi/promotion/candidate";
import { readRecorded } from "../../../../provider/pulumi/promotion/state";
import { imageOf, memoryEngine } from "../../promote/gate/memory-engine";

const SHA = "f".repeat(40);
const alike = (last: string): ReturnType<typeof imageOf> =>
  imageOf(parseImageId(`sha256:${"a".repeat(12)}${last.repeat(52)}`), { [REVISION_LABEL]: SHA });
const [PROMOTED, OTHER] = [alike("1"), alike("2")];
const TARGETS = ["web:one", "web:two"];
const PLAN = planOf({ source: "web:gone", targets: TARGETS, expectedRevision: SHA });

/** What a preview is about whose source is gone, where the targets stand for these images. */
const preview = (at: readonly string[], promotesId: string | undefined = PROMOTED.id) => {
  const tags = Object.fromEntries(TARGETS.map((target, index) => [target, at[index] ?? ""]));
  const engine = memoryEngine([PROMOTED, OTHER], tags);
  const before = readRecorded({ source: "web:gone", promotesId });
  return { engine, found: candidateInPreview(askedOnce({ engine, registry: registryAt(1) }), PLAN, before) };
};

describe("a preview whose source is gone", () => {
  it("is about the image that was promoted, whichever target still has it, and asks each thing once", async () => {
    const { engine, found } = preview([OTHER.id, PROMOTED.id]);
    const { candidate, gone } = await found;
    assert.deepEqual([candidate.imageId, gone], [PROMOTED.id, true]);
    assert.equal(new Set(engine.calls).size, engine.calls.length, engine.calls.join("\n"));
  });

  it("takes no other image for it that has the same first digits and the same revision", async () => {
    await assert.rejects(preview([OTHER.id, OTHER.id]).found, (error: unknown) => {
      assert.ok(error instanceof SourceGoneError);
      assert.match(error.message, /; web:one names aaaaaaaaaaaa; web:two names aaaaaaaaaaaa$/);
      return true;
    });
  });

  it("is about none where no check has known the image", () =>
    assert.rejects(preview([PROMOTED.id, PROMOTED.id], "").found, SourceGoneError));
});
