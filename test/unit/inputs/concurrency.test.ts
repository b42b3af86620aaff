import assert from "node:assert/strict";
import { defaultConcurrency, judgeConcurrency } from "../../../provider/inputs/concurrency";
import { seatWords } from "../../../provider/build/roundtrip/seat";

describe("how many builds run at once", () => {
  it("is half the cores, and at least one", () =>
    assert.deepEqual([1, 2, 3, 4, 9, 64].map(defaultConcurrency), [1, 1, 1, 2, 4, 32]));

  const limits: [string, string | undefined, string | undefined, number][] = [
    ["the default when nothing is set", undefined, undefined, 4],
    ["the default when what is set is empty", " ", "", 4],
    ["what the environment says", "3", undefined, 3],
    ["what the stack says", undefined, "5", 5],
    ["what the environment says before what the stack says", "1", "5", 1],
    ["more than there are cores", "100", undefined, 100],
  ];
  for (const [claim, variable, configured, limit] of limits) {
    it(`is ${claim}`, () =>
      assert.deepEqual(judgeConcurrency(variable, configured, 8), { limit, failures: [] }));
  }

  for (const wrong of ["0", "x", "1.5", "-1", "1e3", "2 3", "Infinity"]) {
    it(`is refused when it is ${wrong}, from either place, by name`, () => {
      const { failures } = judgeConcurrency(wrong, wrong, 8);
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["VERIFIED_IMAGES_CONCURRENCY", "verified-images:concurrency"],
      );
      assert.match(failures[0]?.reason ?? "", /give a whole number of at least 1, or leave it out$/);
    });
  }

  it("is refused in the stack even where the environment is right", () =>
    assert.equal(judgeConcurrency("2", "x", 8).failures.length, 1));
});

describe("one who waits for a seat", () => {
  const setting = "VERIFIED_IMAGES_CONCURRENCY or verified-images:concurrency changes it";
  it("says how many are running, how many come first, and how to change the limit", () => {
    assert.equal(
      seatWords({ running: 1, ahead: 0 }, 1),
      `waiting: 1 other build is running (limit 1; ${setting})`,
    );
    assert.equal(
      seatWords({ running: 2, ahead: 1 }, 2),
      `waiting: 2 other builds are running, 1 more waits before this one (limit 2; ${setting})`,
    );
    assert.equal(
      seatWords({ running: 2, ahead: 3 }, 2),
      `waiting: 2 other builds are running, 3 more wait before this one (limit 2; ${setting})`,
    );
  });
});
