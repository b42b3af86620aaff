import assert from "node:assert/strict";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { versionKey } from "../../../../provider/packages/compare/version-key";
import { each } from "../../../support/each";
import { packagesOf } from "../in-short";

const key = (version: string): string => versionKey({ ecosystem: "pip", version });

describe("versionKey of Python versions", () => {
  // Each line has the ways to write one version; lines are different versions, as in pypa/packaging.
  const SAME = [
    ["1.0", "1", "1.0.0", "v1.0", "V1", "0!1.0", "01.0", "1.00", " 1.0 ", "1.0.0.0"],
    ["1.0.1", "1.0.01", "1.0.1.0"],
    ["1.0.post1", "1.0-1", "1.0post1", "1.0-post1", "1.0_post.1", "1.0.rev1", "1.0-r1", "1.0r01", "1-1"],
    ["1.0.post0", "1.0.post", "1.0post", "1.0-r", "1.0-0"],
    ["1.0rc1", "1.0RC1", "1.0-rc.1", "1.0.rc1", "1.0c1", "1.0-pre1", "1.0_preview_1", "1rc01"],
    ["1.0a0", "1.0a", "1.0alpha", "1.0.ALPHA.0", "1a"],
    ["1.0b2", "1.0-beta2", "1.0.b-2"],
    ["1.0.dev0", "1.0dev", "1.0-dev", "1.0.dev00"],
    ["1.0.dev456", "1.0-dev456", "1.0_DEV_456"],
    ["1.0a2.dev456", "1.0alpha-2dev456", "1a2-dev.456"],
    ["1.0b1.post345.dev456", "1.0-beta.1-345.dev456", "1b1r345dev456"],
    ["1.0+abc.5", "1.0+abc-5", "1.0+ABC_5", "1+abc.005"],
    ["1.0+ubuntu.1", "1.0+ubuntu-1", "1.0.0+ubuntu_01"],
    ["1.0+deadbeef", "1.0+DEADBEEF"],
    ["1.0.post1+abc", "1.0-1+abc"],
    ["1!1.0", "1!1", "01!1.0.0"],
    ["2012.2", "2012.02", "2012.2.0"],
    ["99999999999999999999999.1", "099999999999999999999999.1.0"],
  ];
  // What is no version of Python stays apart, whatever it looks like.
  const NONE = "1.0-x 1.0-x.0 2013b-1 1.0+ 1.0++a 1.0+a..b 1..0 1.0.x  1.0.post1.post2 1.0-1-2 unknown".split(
    " ",
  );
  for (const [first = "", ...others] of SAME) {
    it(`${JSON.stringify(first)} are one`, () => {
      for (const other of others) assert.equal(key(other), key(first));
    });
  }
  it("keeps versions apart that are not the same", () => {
    const different = [...SAME.map(([first = ""]) => first), ...NONE];
    assert.equal(new Set(different.map(key)).size, different.length);
  });

  it("leaves other ecosystems alone", () =>
    assert.equal(versionKey({ ecosystem: "dpkg", version: "1.0-1" }), "1.0-1"));

  it("takes no longer for a long version than for a short one", () => {
    for (const long of ["1".repeat(1e6), "1.".repeat(1e6), `1+${"a-".repeat(1e6)}`])
      assert.equal(key(long), long);
  });
});

describe("comparePackages of Python packages", () => {
  const changed = (before: string, after: string): string[] =>
    comparePackages(packagesOf(before), packagesOf(after)).changed.map(({ from, to }) => `${from} -> ${to}`);
  each("%s and %s differ by %j", [
    ["pip:a@1.0-1", "pip:a@1.0.post1", []],
    ["pip:a@1.0 in /x, pip:b@v2 in /x", "pip:a@1.0.0 in /x, pip:b@2.0 in /x", []],
    ["pip:a@1.0 #sha256:aa", "pip:a@1.0.0 #sha256:bb", ["1.0 (sha256:aa) -> 1.0.0 (sha256:bb)"]],
    ["pip:a@1.0", "pip:a@1.0.1", ["1.0 -> 1.0.1"]],
    ["dpkg:a@1.0", "dpkg:a@1.0.0", ["1.0 -> 1.0.0"]],
    ["npm:a@1.0.0-rc.1", "npm:a@1.0.0-rc1", ["1.0.0-rc.1 -> 1.0.0-rc1"]],
  ])((before, after, expected) => assert.deepEqual(changed(before, after), expected));
});
