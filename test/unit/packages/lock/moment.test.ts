import assert from "node:assert/strict";
import { isMoment, momentOf, stageWords } from "../../../../provider/packages/lock/moment";
import { makeLock } from "../../../../provider/packages/lock/make";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { stagePackages } from "../../../../provider/recipe/pins/stage-packages";
import { aptPreferences } from "../../../../provider/recipe/pins/apt";
import type { LockedPackage } from "../../../../provider/packages/lock/types";

const deb = (name: string, version: string, stage?: string): LockedPackage => ({
  ecosystem: "dpkg",
  name,
  version,
  ...(stage === undefined ? {} : { stage }),
});

describe("the stage of what was there for a moment", () => {
  it("is told from every stage's own, which can have no colon", () => {
    assert.deepEqual(
      [momentOf(null), momentOf("builder"), momentOf("0")],
      [":moment", "builder:moment", "0:moment"],
    );
    for (const stage of [undefined, "builder", "0", "moment"]) assert.ok(!isMoment(stage));
    for (const label of [null, "builder", "moment"]) assert.ok(isMoment(momentOf(label)));
    assert.equal(parseDockerfile("FROM a AS moment\n").stages[0]?.name, "moment");
  });

  it("is said in words", () => {
    assert.equal(stageWords("builder"), "stage builder");
    assert.equal(stageWords(":moment"), "removed again");
    assert.equal(stageWords("builder:moment"), "stage builder, removed again");
  });
});

describe("a lock with packages of a moment", () => {
  const lock = makeLock({
    bases: [],
    packages: [
      deb("own", "1", "builder"),
      deb("a", "1", ":moment"),
      deb("a", "2"),
      deb("gcc", "9", "builder:moment"),
      deb("z", "1"),
      deb("z", "0", "builder:moment"),
      deb("z", "0", "other:moment"),
    ],
    sources: [],
    unpinned: [],
  });

  it("is in one order: the image, its moments, then each stage with its own", () =>
    assert.deepEqual(
      lock.packages.map(({ stage, name, version }) => `${stage ?? ""} ${name} ${version}`),
      [
        " a 2",
        " z 1",
        ":moment a 1",
        "builder own 1",
        "builder:moment gcc 9",
        "builder:moment z 0",
        "other:moment z 0",
      ],
    ));

  const allowed = (stage: string | null): string[] =>
    stagePackages(lock, stage)
      .map(({ name, version }) => `${name} ${version}`)
      .sort();

  it("allows the image's stage both versions of a name, and no other stage's", () =>
    assert.deepEqual(allowed(null), ["a 1", "a 2", "z 1"]));

  it("allows a stage its moments in place of what the image has of that name", () =>
    assert.deepEqual(allowed("builder"), ["a 2", "gcc 9", "own 1", "z 0"]));

  it("gives apt a stanza for each version, and one for equal ones", () => {
    const twice = [deb("a", "1"), deb("a", "2"), { ...deb("a", "2", ":moment"), hash: "sha256:b" }];
    assert.deepEqual(
      aptPreferences(twice).filter((line) => /^P(?:ackage: a|in: version)/.test(line)),
      ["Package: a", "Pin: version 1", "Package: a", "Pin: version 2"],
    );
  });
});
