import assert from "node:assert/strict";
import fc from "fast-check";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { compareNotCaptured } from "../../../../provider/packages/compare/not-captured";
import {
  driftCount,
  driftLines,
  isEmptyDrift,
  summarise,
} from "../../../../provider/packages/compare/summary";
import type { Drift, LockedPackage } from "../../../../provider/packages/lock/types";
import { each } from "../../../support/each";
import { manyPackages } from "../../../support/many-packages";
import { table } from "../../../support/table";
import { driftOf, packageOf, packagesOf } from "../in-short";
import { lockedPackage } from "../lock/arbitrary";

const A = `sha256:abcdef123456${"0".repeat(52)}`;
const B = `sha256:fedcba654321${"0".repeat(52)}`;
const [SMILE, HIGH] = ["\u{1f600}", "\uffee"];
const list = (text: string): string[] => text.split(", ").filter(Boolean);

describe("comparePackages", () => {
  // Before; after; the drift.
  table()`
    finds nothing in two empty lists ¦ ¦ ¦
    tells changed, added and removed apart
      ¦ dpkg:curl@1, npm:@s/left-pad@1.3.0 ¦ dpkg:curl@2, pip:six@1.17.0
      ¦ ~ dpkg:curl | 1 -> 2, + pip:six | 1.17.0, - npm:@s/left-pad | 1.3.0
    sees the same version with another hash ¦ dpkg:curl@1.2.3 #${A} ¦ dpkg:curl@1.2.3 #${B}
      ¦ ~ dpkg:curl | 1.2.3 (sha256:abcdef123456) -> 1.2.3 (sha256:fedcba654321)
    shows whole hashes whose beginnings are equal
      ¦ npm:a@1 #sha512-AAAAAAAAAAAAx ¦ npm:a@1 #sha512-AAAAAAAAAAAAy
      ¦ ~ npm:a | 1 (sha512-AAAAAAAAAAAAx) -> 1 (sha512-AAAAAAAAAAAAy)
    takes a hash known on one side for no difference ¦ dpkg:a@1 #${A} ¦ dpkg:a@1 ¦
    names a foreign architecture, and keeps it apart
      ¦ dpkg:libc6@1, dpkg:libc6:i386@1 ¦ dpkg:libc6@1, dpkg:libc6:i386@2 ¦ ~ dpkg:libc6:i386 | 1 -> 2
    names the root only where one name stands at two
      ¦ npm:a@1 in /x, npm:b@1 in /x, npm:a@1 in /y ¦ npm:a@1 in /x, npm:b@2 in /x, npm:a@2 in /y
      ¦ ~ npm:a@/y | 1 -> 2, ~ npm:b | 1 -> 2
    names both roots of a package that moved
      ¦ pip:six@1 in /py3.11 ¦ pip:six@1 in /py3.12 ¦ + pip:six@/py3.12 | 1, - pip:six@/py3.11 | 1
    keeps a stage's package apart and names the stage
      ¦ dpkg:gcc@1, dpkg:gcc@1 of build ¦ dpkg:gcc@1, dpkg:gcc@2 of build ¦ ~ dpkg:gcc [stage build] | 1 -> 2
    compares several versions of one identity as a multiset
      ¦ rpm:kernel@1, rpm:kernel@2, rpm:kernel@2 ¦ rpm:kernel@2, rpm:kernel@3
      ¦ + rpm:kernel | 3, - rpm:kernel | 1, - rpm:kernel | 2
    takes one of several versions replaced for a change
      ¦ rpm:kernel@1, rpm:kernel@2 ¦ rpm:kernel@3, rpm:kernel@2 ¦ ~ rpm:kernel | 1 -> 3
    lets an unknown hash stand for one package only
      ¦ rpm:a@1 #${A}, rpm:a@1 #${B} ¦ rpm:a@1 ¦ - rpm:a | 1
    copes with names that objects have of their own
      ¦ npm:__proto__@1, npm:constructor@1 ¦ npm:__proto__@2, npm:constructor@1 ¦ ~ npm:__proto__ | 1 -> 2
    never mixes up identities whose texts run together
      ¦ npm:ab:c@1 ¦ npm:a:bc@1 ¦ + npm:a:bc | 1, - npm:ab:c | 1
    sorts by code point ¦ ¦ npm:${SMILE}@1, npm:${HIGH}@1, npm:a@1, npm:Z@1
      ¦ + npm:Z | 1, + npm:a | 1, + npm:${HIGH} | 1, + npm:${SMILE} | 1
  `((_, before, after, expected) => {
    const drift = comparePackages(packagesOf(...list(before)), packagesOf(...list(after)));
    assert.deepEqual(drift, driftOf(...list(expected)));
  });

  it("takes an empty field for an absent one", () => {
    const bare = packageOf("dpkg:a@1");
    assert.deepEqual(comparePackages([{ ...bare, arch: "", root: "" }], [bare]), driftOf());
  });

  const packages = fc.array(lockedPackage, { maxLength: 20 });
  const twice = packages.chain((items) =>
    fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
  );

  it("finds nothing between a list and itself, in any order", () =>
    fc.assert(fc.property(twice, ([one, other]) => assert.ok(isEmptyDrift(comparePackages(one, other))))));

  it("swaps added and removed, from and to, when the sides are swapped", () => {
    const texts = (items: string[][]): string[] => items.map((item) => JSON.stringify(item)).sort();
    const swaps = fc.property(packages, packages, (before, after) => {
      const [there, back] = [comparePackages(before, after), comparePackages(after, before)];
      assert.deepEqual([back.added, back.removed], [there.removed, there.added]);
      const backwards = back.changed.map(({ name, from, to }) => [name, to, from]);
      assert.deepEqual(texts(backwards), texts(there.changed.map(({ name, from, to }) => [name, from, to])));
    });
    fc.assert(swaps);
  });

  it("doesn't depend on the order of either list", () => {
    const same = fc.property(twice, twice, ([a, c], [b, d]) =>
      assert.deepEqual(comparePackages(c, d), comparePackages(a, b)),
    );
    fc.assert(same);
  });

  it("finds every package that only one side has", () => {
    const finds = fc.property(packages, (items) => {
      const result = comparePackages(items, []);
      assert.deepEqual([result.removed.length, driftCount(result)], [items.length, items.length]);
    });
    fc.assert(finds);
  });

  it("takes time in proportion to the packages, whether three differ or all under one identity", () => {
    /** The least milliseconds of processor time of some runs, in which neighbours do not count. */
    const fastest = (before: LockedPackage[], after: LockedPackage[]): number => {
      const times = Array.from({ length: 3 }, () => {
        const start = process.cpuUsage();
        comparePackages(before, after);
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      });
      return Math.min(...times);
    };
    const kernels = (prefix: string, count: number): LockedPackage[] =>
      packagesOf(...Array.from({ length: count }, (_, at) => `rpm:kernel@${prefix}${at}`));
    type Lists = [LockedPackage[], LockedPackage[]];
    const threeDiffer = (count: number): Lists => {
      const [, ...rest] = manyPackages(count);
      return [manyPackages(count), [...rest, ...packagesOf("pip:six@1", "npm:other@1")]];
    };
    const allDiffer = (count: number): Lists => [kernels("a", count), kernels("b", count)];
    for (const lists of [threeDiffer, allDiffer]) {
      const [small, large] = [fastest(...lists(2_000)), fastest(...lists(20_000))];
      // Ten times the packages: their square would be a hundred times the time.
      assert.ok(large < 40 * Math.max(small, 1), `${lists.name}: ${small} ms, then ${large} ms`);
    }
  });
});

describe("summarise", () => {
  const NONE = driftOf();
  const SOME = driftOf(
    ...["~ dpkg:curl | 7.88.1-10 -> 7.88.1-11", "+ pip:six | 1.17.0", "- npm:left-pad | 1.3.0"],
  );
  const HOSTILE = { ...NONE, added: [{ name: "npm:a\nb\u001b[31m\u202e", version: "1\u2028" }] };
  const added = (count: number): Drift =>
    driftOf(...Array.from({ length: count }, (_, at) => `+ npm:p${at} | 1`));
  const CHANGED = "changed dpkg:curl 7.88.1-10 -> 7.88.1-11";
  const ALL = `${CHANGED}; added pip:six 1.17.0; removed npm:left-pad 1.3.0`;
  const TEN = Array.from({ length: 10 }, (_, at) => `added npm:p${at} 1`).join("; ");
  const ESCAPED = "npm:a\\u{a}b\\u{1b}[31m\\u{202e} 1\\u{2028}";
  const [OF, ONE, NINE] = [{ packages: 132 }, { packages: 1 }, { packages: 9, named: 1 }];
  each("%s", [
    ["says that nothing differs", NONE, OF, "no drift: 132 packages identical"],
    ["says that nothing differs in one", NONE, ONE, "no drift: 1 package identical"],
    ["names what differs", SOME, OF, `drift in 3 of 132 packages: ${ALL}`],
    ["names ten and counts the rest", added(17), OF, `drift in 17 of 132 packages: ${TEN} … and 7 more`],
    ["names ten of ten", added(10), OF, `drift in 10 of 132 packages: ${TEN}`],
    ["names as many as told", SOME, NINE, `drift in 3 of 9 packages: ${CHANGED} … and 2 more`],
    ["never says more of fewer", added(1), { packages: 0 }, "drift in 1 package: added npm:p0 1"],
    ["stays one line whatever an image holds", HOSTILE, ONE, `drift in 1 of 1 package: added ${ESCAPED}`],
  ])((_, drift, of, expected) => assert.equal(summarise(drift, of), expected));

  it("has a line for every difference", () => {
    assert.deepEqual(driftLines(SOME), [CHANGED, "added pip:six 1.17.0", "removed npm:left-pad 1.3.0"]);
    assert.deepEqual([driftLines(added(500)).length, driftLines(NONE)], [500, []]);
  });

  it("counts all three lists", () => {
    const drifts = [SOME, NONE, { ...NONE, removed: SOME.removed }];
    assert.deepEqual([driftCount(SOME), ...drifts.map(isEmptyDrift)], [3, false, true, false]);
  });
});

describe("what nobody reads, before and after", () => {
  const CPAN = "not captured: CPAN distributions of Perl";
  const LUA = "not captured: LuaRocks packages of Lua";
  // Before; after; added; removed; moved.
  table()`
    is the same where the lines are ¦ ${CPAN} (/a, /b) ¦ ${CPAN} (/a, /b) ¦ ¦ ¦
    is drift where a kind is new ¦ ¦ ${CPAN} (/a) ¦ ${CPAN} (/a) ¦ ¦
    is drift where a kind is gone ¦ ${LUA} (/l); ${CPAN} (/a) ¦ ${CPAN} (/a) ¦ ¦ ${LUA} (/l) ¦
    has moved where a kind is elsewhere ¦ ${CPAN} (/a (1)) ¦ ${CPAN} (/b) ¦ ¦ ¦ ${CPAN} (/a (1)) -> (/b)
  `((_, before, after, ...expected) => {
    const lines = (text: string): string[] => text.split("; ").filter(Boolean);
    const { drift, moved } = compareNotCaptured(lines(before), lines(after));
    const shown = [drift.added, drift.removed].map((items) =>
      items.map(({ name, version }) => `${name} ${version}`),
    );
    assert.deepEqual([drift.changed, ...shown, moved], [[], ...expected.map(lines)]);
  });
});
