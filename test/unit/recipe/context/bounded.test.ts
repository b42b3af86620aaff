import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { mapBounded } from "../../../../provider/recipe/context/bounded";

describe("mapBounded", () => {
  it("keeps order and never runs more than the limit", async () => {
    let running = 0;
    let most = 0;
    const items = [...Array(50).keys()];
    const results = await mapBounded(items, 8, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      return item * 2;
    });
    const doubled = items.map((item) => item * 2);
    assert.deepEqual([results, most], [doubled, 8]);
  });

  it("starts nothing new after a failure, and throws it once the rest has ended", async () => {
    let ended = 0;
    const started: number[] = [];
    const run = mapBounded([0, 1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      await setImmediate();
      ended += 1;
      if (item === 1) throw new Error("no");
    });
    await assert.rejects(run, /no/);
    assert.equal(ended, started.length);
    assert.ok(started.length < 6);
  });
});
