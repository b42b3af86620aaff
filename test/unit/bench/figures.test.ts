import assert from "node:assert/strict";
import { duration, median, resultLines } from "../../../bench/figures";

describe("a bench's figures", () => {
  it("have the middle one as median, whatever their order and count", () => {
    assert.equal(median([3]), 3);
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([10, 1, 3, 5]), 4);
    assert.throws(() => median([]), RangeError);
  });

  it("are shown in milliseconds below a second", () => {
    assert.equal(duration(12.4), "12 ms");
    assert.equal(duration(1_234), "1.23 s");
  });

  it("say of a goal that was missed that it was", () => {
    const rows = [{ what: "work", figures: { ms: [3, 1, 2] } }];
    const goal = { what: "work", most: 1, unit: "x" } as const;
    assert.deepEqual(resultLines({ rows, goals: [{ ...goal, value: 1 }] }), [
      "  work      1 ms     2 ms     3 ms   (min, median, max of 3)",
      "  work 1.00 x, goal at most 1.00 x: reached",
    ]);
    assert.match(resultLines({ rows, goals: [{ ...goal, value: 1.004 }] })[1] ?? "", /1\.00 x: MISSED$/);
  });
});
