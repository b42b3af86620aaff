import assert from "node:assert/strict";
import { PromotionFailedError } from "../../../../provider/promote/gate/errors";
import { untagOwn } from "../../../../provider/promote/apply/places";
import { tagAll } from "../../../support/tag-all";
import { id } from "../../store/scratch";
import { imageOf, memoryEngine, type MemoryEngine } from "../gate/memory-engine";

const NEW = imageOf(id("a"));
const OLD = imageOf(id("b"));
const FOREIGN = imageOf(id("c"));
const THREE = ["web:1", "web:2", "web:3"];

/** An engine where `web:1` is old and the other targets are not there. */
const engineOf = (tags: Record<string, string> = { "web:1": OLD.id }): MemoryEngine =>
  memoryEngine([NEW, OLD, FOREIGN], tags);
const changes = ({ calls }: MemoryEngine): string[] => calls.filter((call) => !call.startsWith("inspect"));
const failure = async (
  engine: MemoryEngine,
  targets = THREE,
  left: PromotionFailedError["left"] = [],
): Promise<string> => {
  let message = "";
  await assert.rejects(tagAll(engine, NEW, targets), (error: unknown) => {
    assert.ok(error instanceof PromotionFailedError);
    assert.notEqual(error.cause, undefined);
    assert.deepEqual(error.left, left);
    message = error.message;
    return true;
  });
  return message;
};

describe("tagAll", () => {
  it("tags by image ID, reads every target back, and returns what each had before", async () => {
    const engine = engineOf();
    assert.deepEqual(await tagAll(engine, NEW, THREE), { "web:1": OLD.id, "web:2": null, "web:3": null });
    assert.deepEqual(engine.calls, [
      "inspect web:1 web:2 web:3",
      ...THREE.flatMap((target) => [`tag ${NEW.id} ${target}`, `inspect ${target}`]),
    ]);
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:1": NEW.id, "web:2": NEW.id, "web:3": NEW.id });
  });

  it("leaves a target alone that is in place", async () => {
    const engine = engineOf({ "web:1": NEW.id });
    assert.deepEqual(await tagAll(engine, NEW, ["web:1"]), { "web:1": NEW.id });
    assert.deepEqual(changes(engine), []);
  });

  it("moves nothing when the targets can't be read", async () => {
    const engine = engineOf();
    engine.before = () => {
      throw new Error("no answer");
    };
    await assert.rejects(tagAll(engine, NEW, THREE), /^Error: no answer$/);
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:1": OLD.id });
  });

  it("puts the earlier ones back when one can't be tagged: an old tag to its image, a new one away", async () => {
    const engine = engineOf();
    engine.before = (call) => {
      if (call === `tag ${NEW.id} web:3`) throw new Error("disk full");
    };
    assert.equal(
      await failure(engine),
      `promotion of ${NEW.id} failed: disk full; every target is as it was before`,
    );
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:1": OLD.id });
  });

  it("fails when a target names something else or nothing when read back", async () => {
    for (const [moved, words] of [
      [FOREIGN.id, `names ${FOREIGN.id} when read back`],
      [null, "names nothing when read back"],
    ] as const) {
      const engine = engineOf({ "web:2": OLD.id });
      engine.before = (call) => {
        if (call !== "inspect web:2") return;
        if (moved === null) engine.tags.delete("web:2");
        else engine.tags.set("web:2", moved);
      };
      const message = await failure(engine, ["web:1", "web:2"]);
      assert.ok(message.includes(`web:2 was tagged with ${NEW.id}, but ${words}`), message);
      assert.ok(message.includes("moved by someone else meanwhile, and left so: web:2"), message);
      assert.equal(engine.tags.get("web:2"), moved ?? undefined, "theirs stays");
      assert.equal(engine.tags.get("web:1"), undefined, "ours is taken back");
    }
  });

  it("says which targets could not be put back", async () => {
    const engine = engineOf({ "web:1": OLD.id, "web:2": OLD.id });
    engine.before = (call) => {
      if (call === `tag ${NEW.id} web:3` || call === `tag ${OLD.id} web:1`) throw new Error("no answer");
    };
    assert.equal(
      await failure(engine, THREE, [{ target: "web:1", before: OLD.id, at: NEW.id }]),
      `promotion of ${NEW.id} failed: no answer; these targets could not be put back: web:1`,
    );
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:1": NEW.id, "web:2": OLD.id });
  });

  it("undoes a tag that was set although its call failed", async () => {
    const engine = engineOf({});
    engine.before = (call) => {
      if (call !== `tag ${NEW.id} web:1`) return;
      engine.tags.set("web:1", NEW.id);
      throw new Error("no answer in time");
    };
    await failure(engine, ["web:1"]);
    assert.deepEqual(Object.fromEntries(engine.tags), {});
  });

  it("lets two promotions race: the loser never takes the winner's tag away", async () => {
    const engine = engineOf({});
    const outcomes = await Promise.allSettled([
      tagAll(engine, NEW, ["web:1"]),
      tagAll(engine, OLD, ["web:1"]),
    ]);
    const tags = engine.calls.filter((call) => call.startsWith("tag"));
    assert.equal(tags.length, 2, "both really tagged");
    const failed = outcomes.filter(({ status }) => status === "rejected");
    assert.equal(failed.length, 1);
    assert.equal(engine.tags.get("web:1"), outcomes[0].status === "fulfilled" ? NEW.id : OLD.id);
  });
});

describe("untagOwn", () => {
  it("removes what still points at the image, leaves what was moved, passes by what is gone", async () => {
    const engine = engineOf({ "web:1": NEW.id, "web:2": FOREIGN.id });
    assert.deepEqual(await untagOwn(engine, NEW.id, THREE), ["web:2"]);
    assert.deepEqual(Object.fromEntries(engine.tags), { "web:2": FOREIGN.id });
    assert.deepEqual(changes(engine), ["untag web:1"]);
  });

  it("removes nothing when the engine can't tell", async () => {
    const engine = engineOf({ "web:1": NEW.id });
    engine.before = () => {
      throw new Error("no answer");
    };
    await assert.rejects(untagOwn(engine, NEW.id, ["web:1"]), /no answer/);
    assert.ok(engine.tags.has("web:1"));
  });
});
