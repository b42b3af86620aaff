import assert from "node:assert/strict";
import fc from "fast-check";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { driftCount, isEmptyDrift } from "../../../../provider/packages/compare/summary";
import type { Drift, Ecosystem, LockedPackage } from "../../../../provider/packages/lock/types";
import { lockedPackage } from "../lock/arbitrary";

const A = `sha256:abcdef123456${"0".repeat(52)}`;
const B = `sha256:fedcba654321${"0".repeat(52)}`;

function item(name: string, version: string, rest: Partial<LockedPackage> = {}): LockedPackage {
  const [ecosystem, bare] = name.split(":") as [Ecosystem, string];
  return { ecosystem, name: bare, version, ...rest };
}

function drift(parts: Partial<Drift>): Drift {
  return { changed: [], added: [], removed: [], ...parts };
}

describe("comparePackages", () => {
  const cases: [claim: string, before: LockedPackage[], after: LockedPackage[], expected: Partial<Drift>][] =
    [
      ["finds nothing in two empty lists", [], [], {}],
      [
        "tells changed, added and removed apart",
        [item("dpkg:curl", "1"), item("npm:@s/left-pad", "1.3.0")],
        [item("dpkg:curl", "2"), item("pip:six", "1.17.0")],
        {
          changed: [{ name: "dpkg:curl", from: "1", to: "2" }],
          added: [{ name: "pip:six", version: "1.17.0" }],
          removed: [{ name: "npm:@s/left-pad", version: "1.3.0" }],
        },
      ],
      [
        "sees the same version with another hash",
        [item("dpkg:curl", "1.2.3", { hash: A })],
        [item("dpkg:curl", "1.2.3", { hash: B })],
        {
          changed: [
            { name: "dpkg:curl", from: "1.2.3 (sha256:abcdef123456)", to: "1.2.3 (sha256:fedcba654321)" },
          ],
        },
      ],
      [
        "shows whole hashes whose beginnings are equal",
        [item("npm:a", "1", { hash: "sha512-AAAAAAAAAAAAx" })],
        [item("npm:a", "1", { hash: "sha512-AAAAAAAAAAAAy" })],
        { changed: [{ name: "npm:a", from: "1 (sha512-AAAAAAAAAAAAx)", to: "1 (sha512-AAAAAAAAAAAAy)" }] },
      ],
      [
        "takes a hash known on one side for no difference",
        [item("dpkg:a", "1", { hash: A })],
        [item("dpkg:a", "1")],
        {},
      ],
      [
        "takes an empty field for an absent one",
        [item("dpkg:a", "1", { arch: "", root: "" })],
        [item("dpkg:a", "1")],
        {},
      ],
      [
        "names a foreign architecture, and keeps it apart",
        [item("dpkg:libc6", "1"), item("dpkg:libc6", "1", { arch: "i386" })],
        [item("dpkg:libc6", "1"), item("dpkg:libc6", "2", { arch: "i386" })],
        { changed: [{ name: "dpkg:libc6:i386", from: "1", to: "2" }] },
      ],
      [
        "names the root only where one name stands at two",
        [
          item("npm:a", "1", { root: "/x" }),
          item("npm:b", "1", { root: "/x" }),
          item("npm:a", "1", { root: "/y" }),
        ],
        [
          item("npm:a", "1", { root: "/x" }),
          item("npm:b", "2", { root: "/x" }),
          item("npm:a", "2", { root: "/y" }),
        ],
        {
          changed: [
            { name: "npm:a@/y", from: "1", to: "2" },
            { name: "npm:b", from: "1", to: "2" },
          ],
        },
      ],
      [
        "names both roots of a package that moved",
        [item("pip:six", "1", { root: "/py3.11" })],
        [item("pip:six", "1", { root: "/py3.12" })],
        {
          added: [{ name: "pip:six@/py3.12", version: "1" }],
          removed: [{ name: "pip:six@/py3.11", version: "1" }],
        },
      ],
      [
        "keeps a stage's package apart and names the stage",
        [item("dpkg:gcc", "1"), item("dpkg:gcc", "1", { stage: "build" })],
        [item("dpkg:gcc", "1"), item("dpkg:gcc", "2", { stage: "build" })],
        { changed: [{ name: "dpkg:gcc [stage build]", from: "1", to: "2" }] },
      ],
      [
        "compares several versions of one identity as a multiset",
        [item("rpm:kernel", "1"), item("rpm:kernel", "2"), item("rpm:kernel", "2")],
        [item("rpm:kernel", "2"), item("rpm:kernel", "3")],
        {
          added: [{ name: "rpm:kernel", version: "3" }],
          removed: [
            { name: "rpm:kernel", version: "1" },
            { name: "rpm:kernel", version: "2" },
          ],
        },
      ],
      [
        "takes one of several versions replaced for a change",
        [item("rpm:kernel", "1"), item("rpm:kernel", "2")],
        [item("rpm:kernel", "3"), item("rpm:kernel", "2")],
        { changed: [{ name: "rpm:kernel", from: "1", to: "3" }] },
      ],
      [
        "lets an unknown hash stand for one package only",
        [item("rpm:a", "1", { hash: A }), item("rpm:a", "1", { hash: B })],
        [item("rpm:a", "1")],
        { removed: [{ name: "rpm:a", version: "1" }] },
      ],
      [
        "copes with names that objects have of their own",
        [item("npm:__proto__", "1"), item("npm:constructor", "1")],
        [item("npm:__proto__", "2"), item("npm:constructor", "1")],
        { changed: [{ name: "npm:__proto__", from: "1", to: "2" }] },
      ],
      [
        "never mixes up identities whose texts run together",
        [item("npm:ab", "1", { arch: "c" })],
        [item("npm:a", "1", { arch: "bc" })],
        { added: [{ name: "npm:a:bc", version: "1" }], removed: [{ name: "npm:ab:c", version: "1" }] },
      ],
    ];
  for (const [claim, before, after, expected] of cases) {
    it(claim, () => assert.deepEqual(comparePackages(before, after), drift(expected)));
  }

  it("sorts by code point", () => {
    const after = ["\u{1f600}", "\uffee", "a", "Z"].map((name) => item(`npm:${name}`, "1"));
    assert.deepEqual(
      comparePackages([], after).added.map((entry) => entry.name),
      ["npm:Z", "npm:a", "npm:\uffee", "npm:\u{1f600}"],
    );
  });

  const list = fc.array(lockedPackage, { maxLength: 20 });

  it("finds nothing between a list and itself, in any order", () => {
    fc.assert(
      fc.property(
        list.chain((items) =>
          fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
        ),
        ([items, mixed]) => assert.ok(isEmptyDrift(comparePackages(items, mixed))),
      ),
    );
  });

  it("swaps added and removed, from and to, when the sides are swapped", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const there = comparePackages(before, after);
        const back = comparePackages(after, before);
        assert.deepEqual(back.added, there.removed);
        assert.deepEqual(back.removed, there.added);
        const turned = back.changed.map(({ name, from, to }) => JSON.stringify([name, to, from])).sort();
        assert.deepEqual(
          turned,
          there.changed.map(({ name, from, to }) => JSON.stringify([name, from, to])).sort(),
        );
      }),
    );
  });

  it("doesn't depend on the order of either list", () => {
    const mixed = (items: LockedPackage[]): fc.Arbitrary<LockedPackage[]> =>
      fc.shuffledSubarray(items, { minLength: items.length });
    fc.assert(
      fc.property(
        fc.tuple(list, list).chain(([a, b]) => fc.tuple(fc.constant([a, b] as const), mixed(a), mixed(b))),
        ([[a, b], c, d]) => assert.deepEqual(comparePackages(c, d), comparePackages(a, b)),
      ),
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
