import assert from "node:assert/strict";
import {
  driftCount,
  driftLines,
  isEmptyDrift,
  summarise,
} from "../../../../provider/packages/compare/summary";
import type { Drift } from "../../../../provider/packages/lock/types";

const NONE: Drift = { changed: [], added: [], removed: [] };
const SOME: Drift = {
  changed: [{ name: "dpkg:curl", from: "7.88.1-10", to: "7.88.1-11" }],
  added: [{ name: "pip:six", version: "1.17.0" }],
  removed: [{ name: "npm:left-pad", version: "1.3.0" }],
};

function addedPackages(count: number): Drift {
  return { ...NONE, added: Array.from({ length: count }, (_, at) => ({ name: `npm:p${at}`, version: "1" })) };
}

describe("summarise", () => {
  it("says that nothing differs", () => {
    assert.equal(summarise(NONE, { packages: 132 }), "no drift: 132 packages identical");
    assert.equal(summarise(NONE, { packages: 1 }), "no drift: 1 package identical");
  });

  it("names what differs", () => {
    assert.equal(
      summarise(SOME, { packages: 132 }),
      "drift in 3 of 132 packages: changed dpkg:curl 7.88.1-10 -> 7.88.1-11; added pip:six 1.17.0; removed npm:left-pad 1.3.0",
    );
  });

  it("names ten and counts the rest", () => {
    const names = Array.from({ length: 10 }, (_, at) => `added npm:p${at} 1`).join("; ");
    assert.equal(
      summarise(addedPackages(17), { packages: 132 }),
      `drift in 17 of 132 packages: ${names} … and 7 more`,
    );
    assert.equal(summarise(addedPackages(10), { packages: 132 }), `drift in 10 of 132 packages: ${names}`);
  });

  it("names as many as it is told", () => {
    assert.equal(
      summarise(SOME, { packages: 9, named: 1 }),
      "drift in 3 of 9 packages: changed dpkg:curl 7.88.1-10 -> 7.88.1-11 … and 2 more",
    );
  });

  it("never says more of fewer", () => {
    assert.equal(summarise(addedPackages(1), { packages: 0 }), "drift in 1 package: added npm:p0 1");
  });

  it("stays one line whatever an image holds", () => {
    const hostile = { ...NONE, added: [{ name: "npm:a\nb\u001b[31m\u202e", version: "1\u2028" }] };
    assert.equal(
      summarise(hostile, { packages: 1 }),
      "drift in 1 of 1 package: added npm:a\\u{a}b\\u{1b}[31m\\u{202e} 1\\u{2028}",
    );
  });
});

describe("driftLines", () => {
  it("gives every difference a line", () => {
    assert.deepEqual(driftLines(SOME), [
      "changed dpkg:curl 7.88.1-10 -> 7.88.1-11",
      "added pip:six 1.17.0",
      "removed npm:left-pad 1.3.0",
    ]);
    assert.equal(driftLines(addedPackages(500)).length, 500);
    assert.deepEqual(driftLines(NONE), []);
  });
});

describe("isEmptyDrift and driftCount", () => {
  it("count all three lists", () => {
    assert.equal(driftCount(SOME), 3);
    assert.equal(isEmptyDrift(SOME), false);
    assert.equal(isEmptyDrift(NONE), true);
    assert.equal(isEmptyDrift({ ...NONE, removed: SOME.removed }), false);
  });
});
