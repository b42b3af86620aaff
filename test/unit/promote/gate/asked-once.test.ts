import assert from "node:assert/strict";
import type { Registry } from "../../../../provider/engines/registry/registry";
import { askedOnce } from "../../../../provider/promote/gate/asked-once";
import { id } from "../../store/scratch";
import { imageOf, memoryEngine } from "./memory-engine";

const [OLD, NEW] = [imageOf(id("a")), imageOf(id("b"))];

describe("askedOnce", () => {
  it("puts each question to the engine once, also while it is under way, and keeps one picture", async () => {
    const engine = memoryEngine([OLD, NEW], { "web:1": OLD.id, "web:2": NEW.id });
    const seen = askedOnce({ engine, registry: registryOf([]) }).engine;
    const [first, second] = await Promise.all([
      seen.inspect(["web:1", "web:2"]),
      seen.inspect(["web:2", "web:3"]),
      seen.identity(),
      seen.identity(),
    ]);
    engine.tags.set("web:1", NEW.id);
    const third = await seen.inspect(["web:1", "web:3"]);
    assert.deepEqual(engine.calls, ["inspect web:1 web:2", "inspect web:3", "identity"]);
    assert.deepEqual([first.get("web:1"), first.get("web:2")], [OLD, NEW]);
    assert.deepEqual([second.get("web:2"), second.get("web:3")], [NEW, null]);
    assert.deepEqual([third.get("web:1"), third.get("web:3")], [OLD, null]);
  });

  it("puts each question to a registry once, and one that failed has failed", async () => {
    const calls: string[] = [];
    const { registry } = askedOnce({ engine: memoryEngine([]), registry: registryOf(calls) });
    for (const reference of ["r.io/web:1", "r.io/web:2", "r.io/web:1"]) {
      await assert.rejects(registry.digestOf(reference), new RegExp(`no answer for ${reference}`));
      assert.equal(await registry.describe(reference), null);
    }
    assert.deepEqual(calls, [
      ...["digestOf r.io/web:1", "describe r.io/web:1"],
      ...["digestOf r.io/web:2", "describe r.io/web:2"],
    ]);
  });
});

/** A registry that has nothing, and keeps what it was asked; of digests it can't tell. */
function registryOf(calls: string[]): Registry {
  return {
    digestOf: (reference) => {
      calls.push(`digestOf ${reference}`);
      return Promise.reject(new Error(`no answer for ${reference}`));
    },
    describe: (reference) => {
      calls.push(`describe ${reference}`);
      return Promise.resolve(null);
    },
    point: () => Promise.reject(new Error("moved")),
  };
}
