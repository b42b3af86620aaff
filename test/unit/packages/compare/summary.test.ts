import assert from "node:assert/strict";
import {
  driftCount,
  driftLines,
  isEmptyDrift,
  summarise,
} from "../../../../provider/packages/compare/summary";
import type { Drift } from "../../../../provider/packages/lock/types";
import { driftOf } from "../in-short";

const NONE = driftOf();
const SOME = driftOf("~ dpkg:curl | 7.88.1-10 -> 7.88.1-11", "+ pip:six | 1.17.0", "- npm:left-pad | 1.3.0");
const CHANGED = "changed dpkg:curl 7.88.1-10 -> 7.88.1-11";
const TEN = Array.from({ length: 10 }, (_, at) => `added npm:p${at} 1`).join("; ");
const HOSTILE = { ...NONE, added: [{ name: "npm:a\nb\u001b[31m\u202e", version: "1\u2028" }] };

const addedPackages = (count: number): Drift =>
  driftOf(...Array.from({ length: count }, (_, at) => `+ npm:p${at} | 1`));

describe("summarise", () => {
  const cases: [claim: string, drift: Drift, of: { packages: number; named?: number }, expected: string][] = [
    ["says that nothing differs", NONE, { packages: 132 }, "no drift: 132 packages identical"],
    ["says that nothing differs in one", NONE, { packages: 1 }, "no drift: 1 package identical"],
    [
      "names what differs",
      SOME,
      { packages: 132 },
      `drift in 3 of 132 packages: ${CHANGED}; added pip:six 1.17.0; removed npm:left-pad 1.3.0`,
    ],
    [
      "names ten and counts the rest",
      addedPackages(17),
      { packages: 132 },
      `drift in 17 of 132 packages: ${TEN} … and 7 more`,
    ],
    ["names ten of ten", addedPackages(10), { packages: 132 }, `drift in 10 of 132 packages: ${TEN}`],
    [
      "names as many as it is told",
      SOME,
      { packages: 9, named: 1 },
      `drift in 3 of 9 packages: ${CHANGED} … and 2 more`,
    ],
    ["never says more of fewer", addedPackages(1), { packages: 0 }, "drift in 1 package: added npm:p0 1"],
    [
      "stays one line whatever an image holds",
      HOSTILE,
      { packages: 1 },
      "drift in 1 of 1 package: added npm:a\\u{a}b\\u{1b}[31m\\u{202e} 1\\u{2028}",
    ],
  ];
  for (const [claim, drift, of, expected] of cases) {
    it(claim, () => assert.equal(summarise(drift, of), expected));
  }
});

describe("driftLines", () => {
  it("gives every difference a line", () => {
    assert.deepEqual(driftLines(SOME), [CHANGED, "added pip:six 1.17.0", "removed npm:left-pad 1.3.0"]);
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
