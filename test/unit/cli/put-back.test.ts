import assert from "node:assert/strict";
import { engineTags } from "../../../provider/promote/apply/places";
import { putBack } from "../../../cli/promotion/put-back";
import { failing, imageOf, memoryEngine } from "../promote/gate/memory-engine";
import { id } from "../store/scratch";

const [OLD, NEW, THEIRS] = [id("1"), id("2"), id("3")];

describe("a promotion that is taken back", () => {
  const engineWith = (tags: Record<string, string>) =>
    memoryEngine(
      [OLD, NEW, THEIRS].map((image) => imageOf(image)),
      tags,
    );

  it("leaves every target as it was, and touches none that was in place", async () => {
    const engine = engineWith({ "web:a": NEW, "web:b": NEW, "web:c": NEW });
    const { words, left } = await putBack(engineTags(engine, NEW), {
      "web:a": OLD,
      "web:b": null,
      "web:c": NEW,
    });
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:a": OLD, "web:c": NEW });
    assert.deepEqual(words, [
      "put back: web:a is what it was before",
      "put back: web:b is what it was before",
    ]);
    assert.deepEqual(left, []);
  });

  it("leaves what somebody else has moved meanwhile", async () => {
    const engine = engineWith({ "web:a": THEIRS });
    const { words } = await putBack(engineTags(engine, NEW), { "web:a": OLD });
    assert.deepEqual(words, [`web:a was moved to ${THEIRS} by someone else, and is left there`]);
    assert.equal(engine.tags.get("web:a"), THEIRS);
  });

  it("says what could not be put back, and goes on with the others", async () => {
    const engine = engineWith({ "web:a": NEW, "web:b": NEW });
    failing(engine, new Error("no"), `tag ${OLD} web:a`);
    const { words, left } = await putBack(engineTags(engine, NEW), { "web:a": OLD, "web:b": OLD });
    assert.deepEqual(words, [
      `ATTENTION: web:a could not be put back to ${OLD}: no`,
      "put back: web:b is what it was before",
    ]);
    assert.deepEqual(left, [{ target: "web:a", before: OLD, at: NEW }]);
  });
});
