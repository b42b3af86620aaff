import assert from "node:assert/strict";
import { buildPlace, isInImage } from "../../../../provider/packages/lock/transient";
import { makeLock } from "../../../../provider/packages/lock/make";
import { stagePackages } from "../../../../provider/recipe/pins/pinned-stage";
import { aptPreferences } from "../../../../provider/recipe/pins/apt";
import type { LockedPackage } from "../../../../provider/packages/lock/types";

const deb = (name: string, version: string, stage?: string): LockedPackage => ({
  ecosystem: "dpkg",
  name,
  version,
  ...(stage === undefined ? {} : { stage }),
});

/** One that was removed again within the build. */
const gone = (...facts: Parameters<typeof deb>): LockedPackage => ({ ...deb(...facts), transient: true });

describe("a transient package", () => {
  it("is not in the image, and neither is one that only a stage has", () => {
    assert.ok(isInImage(deb("a", "1")));
    for (const item of [gone("a", "1"), gone("a", "1", "builder"), deb("a", "1", "builder")]) {
      assert.ok(!isInImage(item));
    }
  });

  it("is said in words", () => {
    assert.equal(buildPlace(deb("a", "1")), null);
    assert.equal(buildPlace(deb("a", "1", "builder")), "stage builder");
    assert.equal(buildPlace(gone("a", "1")), "removed again");
    assert.equal(buildPlace(gone("a", "1", "builder")), "stage builder, removed again");
  });
});

describe("a lock with transient packages", () => {
  const lock = makeLock({
    bases: [],
    packages: [
      deb("own", "1", "builder"),
      gone("a", "1"),
      deb("a", "2"),
      gone("gcc", "9", "builder"),
      deb("z", "1"),
      gone("z", "0", "builder"),
      gone("z", "0", "other"),
    ],
    sources: [],
    unpinned: [],
  });

  it("is in one order: the image, its transients, then each stage with its own", () =>
    assert.deepEqual(
      lock.packages.map(
        ({ stage, transient, name, version }) =>
          `${stage ?? ""}${transient ? " gone" : ""} ${name} ${version}`,
      ),
      [
        " a 2",
        " z 1",
        " gone a 1",
        "builder own 1",
        "builder gone gcc 9",
        "builder gone z 0",
        "other gone z 0",
      ],
    ));

  const allowed = (stage: string | null): string[] =>
    stagePackages(lock, stage)
      .map(({ name, version }) => `${name} ${version}`)
      .sort();

  it("allows the image's stage both versions of a name, and no other stage's", () =>
    assert.deepEqual(allowed(null), ["a 1", "a 2", "z 1"]));

  it("allows a stage its transients in place of what the image has of that name", () =>
    assert.deepEqual(allowed("builder"), ["a 2", "gcc 9", "own 1", "z 0"]));

  it("gives apt a stanza for each version, and one for equal ones", () => {
    const twice = [deb("a", "1"), deb("a", "2"), { ...gone("a", "2"), hash: "sha256:b" }];
    assert.deepEqual(
      aptPreferences(twice).filter((line) => /^P(?:ackage: a|in: version)/.test(line)),
      ["Package: a", "Pin: version 1", "Package: a", "Pin: version 2"],
    );
  });
});
