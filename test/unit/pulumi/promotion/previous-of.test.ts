import { id } from "../../store/scratch";
import assert from "node:assert/strict";
import { previousOf } from "../../../../provider/pulumi/promotion/previous-of";

const LOCAL = "web:production";
const REMOTE = "registry.example/web:production";
const promoted = { imageId: id("b"), digest: id("d") };

describe("what targets stood for before a promotion", () => {
  it("is what they stood for just before, or null where they were not there", () =>
    assert.deepEqual(previousOf([LOCAL, REMOTE], { [LOCAL]: id("a"), [REMOTE]: null }, promoted, null), {
      [LOCAL]: id("a"),
      [REMOTE]: null,
    }));

  it("stays what it was while the same image is judged again", () => {
    const olds = { imageId: id("b"), targets: [LOCAL], previous: { [LOCAL]: id("a") } };
    assert.deepEqual(previousOf([LOCAL], { [LOCAL]: id("b") }, promoted, olds), { [LOCAL]: id("a") });
  });

  it("is what the state says where an update was killed between the tag and the state", () => {
    const targets = [LOCAL, REMOTE];
    const previous = { [LOCAL]: id("0"), [REMOTE]: id("0") };
    const olds = { imageId: id("a"), digest: id("c"), targets, previous };
    assert.deepEqual(previousOf(targets, { [LOCAL]: id("b"), [REMOTE]: id("d") }, promoted, olds), {
      [LOCAL]: id("a"),
      [REMOTE]: id("c"),
    });
  });

  it("is null for a target that had the image already, and that no state knows", () => {
    const olds = { imageId: id("a"), targets: [], previous: {} };
    for (const state of [null, olds]) {
      assert.deepEqual(previousOf([LOCAL], { [LOCAL]: id("b") }, promoted, state), { [LOCAL]: null });
    }
  });
});
