import assert from "node:assert/strict";
import { readRecorded, readState, StateUnreadableError } from "../../../../provider/pulumi/promotion/state";
import { id } from "../../store/scratch";

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
