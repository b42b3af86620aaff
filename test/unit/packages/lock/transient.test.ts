import assert from "node:assert/strict";
import { buildPlace, isInImage } from "../../../../provider/packages/lock/transient";
import { stagePackages } from "../../../../provider/recipe/pins/pinned-stage";
import { aptPreferences } from "../../../../provider/recipe/pins/apt";
import { inShort, lockOf, packageOf, packagesOf } from "../in-short";

describe("a transient package", () => {
  for (const [short, inImage, words] of [
    ["dpkg:a@1", true, null],
    ["dpkg:a@1 of builder", false, "stage builder"],
    ["dpkg:a@1 gone", false, "removed again"],
    ["dpkg:a@1 of builder gone", false, "stage builder, removed again"],
  ] as const) {
    it(`is not in the image, and neither is one that only a stage has: ${short}`, () =>
      assert.equal(isInImage(packageOf(short)), inImage));
    it(`is said in words: ${short}`, () => assert.equal(buildPlace(packageOf(short)), words));
  }
});

describe("a lock with transient packages", () => {
  const lock = lockOf(
    "dpkg:own@1 of builder",
    "dpkg:a@1 gone",
    "dpkg:a@2",
    "dpkg:gcc@9 of builder gone",
    "dpkg:z@1",
    "dpkg:z@0 of builder gone",
    "dpkg:z@0 of other gone",
  );

  it("is in one order: the image, its transients, then each stage with its own", () =>
    assert.deepEqual(lock.packages.map(inShort), [
      "dpkg:a@2",
      "dpkg:z@1",
      "dpkg:a@1 gone",
      "dpkg:own@1 of builder",
      "dpkg:gcc@9 of builder gone",
      "dpkg:z@0 of builder gone",
      "dpkg:z@0 of other gone",
    ]));

  const allowed = (stage: string | null): string[] =>
    stagePackages(lock, stage)
      .map(({ name, version }) => `${name} ${version}`)
      .sort();

  it("allows the image's stage both versions of a name, and no other stage's", () =>
    assert.deepEqual(allowed(null), ["a 1", "a 2", "z 1"]));

  it("allows a stage its transients in place of what the image has of that name", () =>
    assert.deepEqual(allowed("builder"), ["a 2", "gcc 9", "own 1", "z 0"]));

  it("gives apt a stanza for each version, and one for equal ones", () => {
    const twice = packagesOf("dpkg:a@1", "dpkg:a@2", "dpkg:a@2 #sha256:b gone");
    assert.deepEqual(
      aptPreferences(twice).filter((line) => /^P(?:ackage: a|in: version)/.test(line)),
      ["Package: a", "Pin: version 1", "Package: a", "Pin: version 2"],
    );
  });
});
