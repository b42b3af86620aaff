import assert from "node:assert/strict";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { expandVariables } from "../../../../provider/recipe/dockerfile/expand";
import { globalArguments } from "../../../../provider/recipe/dockerfile/global-arguments";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { platformArguments } from "../../../../provider/recipe/dockerfile/platform-arguments";

const values = new Map([
  ["A", "a"],
  ["EMPTY", ""],
  ["B1_x", "b"],
]);
const expand = (text: string, escape: "\\" | "`" = "\\"): string =>
  expandVariables(text, (name) => values.get(name), escape);

describe("expandVariables", () => {
  for (const [written, expected] of [
    ["$A/x", "a/x"],
    ["${A}x$B1_x.y", "axb.y"],
    ["$NONE", ""],
    ["${NONE:-d}", "d"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${NONE-d}", "d"],
    ["${A:-d}", "a"],
    ["${A:+alt}|${EMPTY:+alt}|${EMPTY+alt}|${NONE+alt}", "alt||alt|"],
    ["${NONE:-${A}-${EMPTY:-x}}", "a-x"],
    ["\\$A", "$A"],
    ["'$A'\"$A\"", "$Aa"],
    ['"\\$A \\" \\x"', '$A " \\x'],
    ["a\\ b", "a b"],
    ["$", "$"],
    ["a$/b", "a$/b"],
    ["__proto__$__proto__", "__proto__"],
  ] as const) {
    it(`${written} is ${JSON.stringify(expected)}`, () => assert.equal(expand(written), expected));
  }

  it("takes the escape character it is given", () => assert.equal(expand("`$A\\", "`"), "$A\\"));

  for (const written of ["${A#x}", "${A%x}", "${A/x/y}", "${}", "${A", "'a", '"a', "${NONE:?give it}"]) {
    it(`refuses ${written}`, () => assert.throws(() => expand(written), RecipeError));
  }

  it("refuses nesting without end instead of overflowing", () =>
    assert.throws(() => expand("${A:-".repeat(20_000)), /too deeply/));
});

describe("globalArguments", () => {
  const of = (
    text: string,
    buildArgs: Record<string, string> = {},
    platform = "linux/amd64",
  ): Map<string, string> =>
    globalArguments(parseDockerfile(`${text}\nFROM debian\n`), { buildArgs, platform });

  it("takes defaults, with earlier ARGs expanded", () =>
    assert.equal(of("ARG V=12\nARG IMAGE=debian:${V}").get("IMAGE"), "debian:12"));
  it("lets a build argument win", () => assert.equal(of("ARG V=12", { V: "13" }).get("V"), "13"));
  it("leaves out what has no value, and what is not declared", () => {
    const found = of("ARG V", { W: "1" });
    assert.equal(found.has("V"), false);
    assert.equal(found.has("W"), false);
  });
  it("has the automatic platform ARGs, which a build argument overrides", () => {
    assert.equal(of("ARG X=$TARGETARCH").get("X"), "amd64");
    assert.equal(of("", { TARGETARCH: "riscv64" }).get("TARGETARCH"), "riscv64");
  });
});

describe("platformArguments", () => {
  it("splits linux/arm/v7 and keeps the build platform apart", () => {
    const found = platformArguments("linux/arm/v7", "linux/amd64");
    assert.deepEqual(Object.fromEntries(found), {
      TARGETPLATFORM: "linux/arm/v7",
      TARGETOS: "linux",
      TARGETARCH: "arm",
      TARGETVARIANT: "v7",
      BUILDPLATFORM: "linux/amd64",
      BUILDOS: "linux",
      BUILDARCH: "amd64",
      BUILDVARIANT: "",
    });
  });
  it("normalises as containerd does", () => {
    assert.equal(platformArguments("linux/aarch64").get("TARGETPLATFORM"), "linux/arm64");
    assert.equal(platformArguments("linux/arm64/v8").get("TARGETPLATFORM"), "linux/arm64");
    assert.equal(platformArguments("linux/arm").get("TARGETVARIANT"), "v7");
  });
  it("refuses what is no platform", () => assert.throws(() => platformArguments("amd64"), RecipeError));
});
