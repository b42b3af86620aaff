import assert from "node:assert/strict";
import { parseImageId } from "../../../../provider/base/reference/digest";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { registryAt } from "../../../../provider/engines/registry/registry-at";
import { askedOnce } from "../../../../provider/promote/gate/asked-once";
import { planOf } from "../../../../provider/promote/inputs/promotion-inputs";
import { candidateInPreview, SourceGoneError } from "../../../../provider/pulumi/promotion/candidate";
import { readRecorded, readState, StateUnreadableError } from "../../../../provider/pulumi/promotion/state";
import { imageOf, memoryEngine } from "../../promote/gate/memory-engine";
import { id } from "../../store/scratch";
import { liveWords } from "../../../../provider/pulumi/promotion/words";
import { sifFiles } from "../../../../provider/promote/sif/files";

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
  return {
    engine,
    found: candidateInPreview(askedOnce({ engine, registry: registryAt(1), sifs: sifFiles }), PLAN, before),
  };
};

describe("a preview whose source is gone", () => {
  it("is about the image that was promoted, whichever target still has it, and asks each thing once", async () => {
    const { engine, found } = preview([OTHER.id, PROMOTED.id]);
    const { candidate, gone } = await found;
    assert.deepEqual([candidate.imageId, gone], [PROMOTED.id, true]);
    assert.equal(new Set(engine.calls).size, engine.calls.length, engine.calls.join("\n"));
  });

  it("takes no other image for it that has the same first digits and the same revision", () =>
    assert.rejects(preview([OTHER.id, OTHER.id]).found, {
      name: "SourceGoneError",
      message: /; web:one names aaaaaaaaaaaa; web:two names aaaaaaaaaaaa$/,
    }));

  it("is about none where no check has known the image", () =>
    assert.rejects(preview([PROMOTED.id, PROMOTED.id], "").found, SourceGoneError));
});

describe("a promotion's state", () => {
  it("is read with what is absent filled in, and keeps the inputs that are in it", () => {
    const state = readState({ imageId: id("a"), targets: ["web:1"], commit: { worktree: "." } });
    assert.deepEqual(
      [state.digest, state.previous, state.adopted, state.spentReasons, state.engineId, state.commit],
      [null, {}, [], [], null, { worktree: "." }],
    );
  });

  it("that another version has written says in one sentence what to do", () => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ targets: ["web:1"] }, "imageId: expected an image ID"],
      [{ imageId: "abc", targets: ["web:1"] }, "imageId: expected an image ID"],
      [{ imageId: id("a"), targets: ["web"] }, "targets.0: expected a tag that is written out"],
      [
        { imageId: id("a"), targets: ["web:1"], previous: { "web:1": "x" } },
        "previous.web:1: expected a digest",
      ],
    ];
    for (const [state, words] of wrong) {
      assert.throws(
        () => readState(state),
        (error: unknown) => {
          assert.ok(error instanceof StateUnreadableError);
          assert.ok(error.message.startsWith("the state of this promotion can't be read ("), error.message);
          assert.ok(error.message.includes(words), error.message);
          assert.ok(error.message.includes("pulumi state delete <urn>"), error.message);
          return true;
        },
      );
    }
  });

  it("is none before the first promotion", () =>
    assert.deepEqual([readRecorded(undefined), readRecorded({})], [null, null]));
});

describe("liveWords", () => {
  it("tell where each target is", () => {
    assert.equal(
      liveWords({
        source: { id: id("a"), fromRegistry: false },
        targets: { "web:production": id("b"), "web:latest": null, "web:x": id("a"), "r.io/web:x": id("d") },
      }),
      "web:production is bbbbbbbbbbbb, not the source's aaaaaaaaaaaa; web:latest is not there; web:x is in place; r.io/web:x is dddddddddddd",
    );
    assert.equal(
      liveWords({ source: null, targets: { web: id("b"), no: null } }),
      "web is bbbbbbbbbbbb; no is not there",
    );
    assert.equal(liveWords({ source: null, targets: {} }), "");
  });
});
