import assert from "node:assert/strict";
import fc from "fast-check";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { driftCount, isEmptyDrift } from "../../../../provider/packages/compare/summary";
import type { LockedPackage } from "../../../../provider/packages/lock/types";
import { driftOf, packageOf, packagesOf } from "../in-short";
import { lockedPackage } from "../lock/arbitrary";

const A = `sha256:abcdef123456${"0".repeat(52)}`;
const B = `sha256:fedcba654321${"0".repeat(52)}`;

describe("comparePackages", () => {
  const cases: [claim: string, before: string[], after: string[], expected: string[]][] = [
    ["finds nothing in two empty lists", [], [], []],
    [
      "tells changed, added and removed apart",
      ["dpkg:curl@1", "npm:@s/left-pad@1.3.0"],
      ["dpkg:curl@2", "pip:six@1.17.0"],
      ["~ dpkg:curl | 1 -> 2", "+ pip:six | 1.17.0", "- npm:@s/left-pad | 1.3.0"],
    ],
    [
      "sees the same version with another hash",
      [`dpkg:curl@1.2.3 #${A}`],
      [`dpkg:curl@1.2.3 #${B}`],
      ["~ dpkg:curl | 1.2.3 (sha256:abcdef123456) -> 1.2.3 (sha256:fedcba654321)"],
    ],
    [
      "shows whole hashes whose beginnings are equal",
      ["npm:a@1 #sha512-AAAAAAAAAAAAx"],
      ["npm:a@1 #sha512-AAAAAAAAAAAAy"],
      ["~ npm:a | 1 (sha512-AAAAAAAAAAAAx) -> 1 (sha512-AAAAAAAAAAAAy)"],
    ],
    ["takes a hash known on one side for no difference", [`dpkg:a@1 #${A}`], ["dpkg:a@1"], []],
    [
      "names a foreign architecture, and keeps it apart",
      ["dpkg:libc6@1", "dpkg:libc6:i386@1"],
      ["dpkg:libc6@1", "dpkg:libc6:i386@2"],
      ["~ dpkg:libc6:i386 | 1 -> 2"],
    ],
    [
      "names the root only where one name stands at two",
      ["npm:a@1 in /x", "npm:b@1 in /x", "npm:a@1 in /y"],
      ["npm:a@1 in /x", "npm:b@2 in /x", "npm:a@2 in /y"],
      ["~ npm:a@/y | 1 -> 2", "~ npm:b | 1 -> 2"],
    ],
    [
      "names both roots of a package that moved",
      ["pip:six@1 in /py3.11"],
      ["pip:six@1 in /py3.12"],
      ["+ pip:six@/py3.12 | 1", "- pip:six@/py3.11 | 1"],
    ],
    [
      "keeps a stage's package apart and names the stage",
      ["dpkg:gcc@1", "dpkg:gcc@1 of build"],
      ["dpkg:gcc@1", "dpkg:gcc@2 of build"],
      ["~ dpkg:gcc [stage build] | 1 -> 2"],
    ],
    [
      "compares several versions of one identity as a multiset",
      ["rpm:kernel@1", "rpm:kernel@2", "rpm:kernel@2"],
      ["rpm:kernel@2", "rpm:kernel@3"],
      ["+ rpm:kernel | 3", "- rpm:kernel | 1", "- rpm:kernel | 2"],
    ],
    [
      "takes one of several versions replaced for a change",
      ["rpm:kernel@1", "rpm:kernel@2"],
      ["rpm:kernel@3", "rpm:kernel@2"],
      ["~ rpm:kernel | 1 -> 3"],
    ],
    [
      "lets an unknown hash stand for one package only",
      [`rpm:a@1 #${A}`, `rpm:a@1 #${B}`],
      ["rpm:a@1"],
      ["- rpm:a | 1"],
    ],
    [
      "copes with names that objects have of their own",
      ["npm:__proto__@1", "npm:constructor@1"],
      ["npm:__proto__@2", "npm:constructor@1"],
      ["~ npm:__proto__ | 1 -> 2"],
    ],
    [
      "never mixes up identities whose texts run together",
      ["npm:ab:c@1"],
      ["npm:a:bc@1"],
      ["+ npm:a:bc | 1", "- npm:ab:c | 1"],
    ],
  ];
  for (const [claim, before, after, expected] of cases) {
    it(claim, () =>
      assert.deepEqual(comparePackages(packagesOf(...before), packagesOf(...after)), driftOf(...expected)),
    );
  }

  it("takes an empty field for an absent one", () => {
    const bare = packageOf("dpkg:a@1");
    assert.deepEqual(comparePackages([{ ...bare, arch: "", root: "" }], [bare]), driftOf());
  });

  it("sorts by code point", () => {
    const after = packagesOf("npm:\u{1f600}@1", "npm:\uffee@1", "npm:a@1", "npm:Z@1");
    assert.deepEqual(
      comparePackages([], after),
      driftOf("+ npm:Z | 1", "+ npm:a | 1", "+ npm:\uffee | 1", "+ npm:\u{1f600} | 1"),
    );
  });

  const mixed = (items: LockedPackage[]): fc.Arbitrary<LockedPackage[]> =>
    fc.shuffledSubarray(items, { minLength: items.length });
  const list = fc.array(lockedPackage, { maxLength: 20 });

  it("finds nothing between a list and itself, in any order", () => {
    const twice = list.chain((items) => fc.tuple(fc.constant(items), mixed(items)));
    fc.assert(fc.property(twice, ([one, other]) => assert.ok(isEmptyDrift(comparePackages(one, other)))));
  });

  it("swaps added and removed, from and to, when the sides are swapped", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const there = comparePackages(before, after);
        const back = comparePackages(after, before);
        const texts = (items: string[][]): string[] => items.map((item) => JSON.stringify(item)).sort();
        assert.deepEqual([back.added, back.removed], [there.removed, there.added]);
        assert.deepEqual(
          texts(back.changed.map(({ name, from, to }) => [name, to, from])),
          texts(there.changed.map(({ name, from, to }) => [name, from, to])),
        );
      }),
    );
  });

  it("doesn't depend on the order of either list", () => {
    const twice = fc
      .tuple(list, list)
      .chain(([a, b]) => fc.tuple(fc.constant(a), fc.constant(b), mixed(a), mixed(b)));
    fc.assert(
      fc.property(twice, ([a, b, c, d]) => assert.deepEqual(comparePackages(c, d), comparePackages(a, b))),
    );
  });

  it("finds every package that only one side has", () => {
    fc.assert(
      fc.property(list, (items) => {
        const result = comparePackages(items, []);
        assert.equal(result.removed.length, items.length);
        assert.equal(driftCount(result), items.length);
      }),
    );
  });
});
