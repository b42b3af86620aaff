import assert from "node:assert/strict";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { expandVariables } from "../../../../provider/recipe/dockerfile/expand";
import { globalArguments } from "../../../../provider/recipe/dockerfile/global-arguments";
import { ownVariables } from "../../../../provider/recipe/dockerfile/own-variables";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { platformArguments } from "../../../../provider/recipe/dockerfile/platform-arguments";
import { walkInstructions } from "../../../../provider/recipe/dockerfile/walk-instructions";
import { each } from "../../../support/each";
import { table } from "../../../support/table";

type Values = Readonly<Record<string, string>>;

describe("expandVariables", () => {
  const values = new Map(Object.entries({ A: "a", EMPTY: "", B1_x: "b" }));
  const expand = (text: string, escape: "\\" | "`" = "\\"): string =>
    expandVariables(text, (name) => values.get(name), escape);

  // Each with what it is.
  const EXPANDED = [
    ...[
      "$A/x = a/x",
      "${A}x$B1_x.y = axb.y",
      "$NONE = ",
      "${NONE:-d} = d",
      "${EMPTY:-d} = d",
      "${EMPTY-d} = ",
    ],
    ...["${NONE-d} = d", "${A:-d} = a", "${A:+alt}|${EMPTY:+alt}|${EMPTY+alt}|${NONE+alt} = alt||alt|"],
    ...["${NONE:-${A}-${EMPTY:-x}} = a-x", "\\$A = $A", "'$A'\"$A\" = $Aa", '"\\$A \\" \\x" = $A " \\x'],
    ...["a\\ b = a b", "$ = $", "a$/b = a$/b", "__proto__$__proto__ = __proto__"],
  ];
  for (const [written = "", expected = ""] of EXPANDED.map((one) => one.split(" = ")))
    it(`${written} is ${JSON.stringify(expected)}`, () => assert.equal(expand(written), expected));

  it("takes the escape character it is given", () => assert.equal(expand("`$A\\", "`"), "$A\\"));

  const refused = ["${}", "${A", "'a", '"a', "${NONE:?give it}"];
  for (const written of refused)
    it(`refuses ${written}`, () => assert.throws(() => expand(written), RecipeError));

  it("refuses nesting without end instead of overflowing", () =>
    assert.throws(() => expand("${A:-".repeat(20_000)), /too deeply/));
});

describe("globalArguments", () => {
  // The recipe; build arguments; the name; its value.
  each("%s", [
    ["take defaults, with earlier ARGs expanded", "ARG V=12\nARG I=debian:${V}", {}, "I", "debian:12"],
    ["let a build argument win", "ARG V=12", { V: "13" }, "V", "13"],
    ["leave out what has no value", "ARG V", {}, "V", undefined],
    ["leave out what is not declared", "ARG V", { W: "1" }, "W", undefined],
    ["have the automatic platform ARGs", "ARG X=$TARGETARCH", {}, "X", "amd64"],
    ["let a build argument override these", "", { TARGETARCH: "riscv64" }, "TARGETARCH", "riscv64"],
  ])((_, text, buildArgs, name, expected) => {
    const settings = { buildArgs, platform: "linux/amd64" };
    const found = globalArguments(parseDockerfile(`${text}\nFROM debian\n`), settings);
    assert.deepEqual([found.has(name), found.get(name)], [expected !== undefined, expected]);
  });
});

describe("platformArguments", () => {
  it("splits linux/arm/v7 and keeps the build platform apart", () => {
    const target = "TARGETPLATFORM=linux/arm/v7 TARGETOS=linux TARGETARCH=arm TARGETVARIANT=v7";
    const build = "BUILDPLATFORM=linux/amd64 BUILDOS=linux BUILDARCH=amd64 BUILDVARIANT=";
    const found = [...platformArguments("linux/arm/v7", "linux/amd64")].map((pair) => pair.join("="));
    assert.deepEqual(found.sort(), `${target} ${build}`.split(" ").sort());
  });
  each("normalises %s as containerd does", [
    ["linux/aarch64", "linux/arm64", ""],
    ["linux/arm64/v8", "linux/arm64", ""],
    ["linux/arm", "linux/arm/v7", "v7"],
  ])((platform, expected, variant) => {
    const found = platformArguments(platform);
    assert.deepEqual([found.get("TARGETPLATFORM"), found.get("TARGETVARIANT")], [expected, variant]);
  });
  it("refuses what is no platform", () => assert.throws(() => platformArguments("amd64"), RecipeError));
});

describe("ownVariables at each RUN", () => {
  const STAGES = "FROM image AS one\nARG A=1\nENV B=1\nRUN x\nFROM one\nRUN x\nFROM other\nRUN x\n";
  // The recipe; a build argument; the variables at each RUN.
  table()`
    are ENV and ARG of the stage, from where they stand on
      ¦ FROM a\nRUN x\nENV B=1 C=2\nRUN x\nARG D=\nRUN x\n ¦ ¦ , B C, B C D
    are not an ARG without a value, unless a global ARG gives it one
      ¦ ARG GLOBAL=1\nFROM a\nARG GLOBAL\nARG GIVEN\nARG NOT\nRUN x\n ¦ ¦ GLOBAL
    ... or a build argument
      ¦ ARG GLOBAL=1\nFROM a\nARG GLOBAL\nARG GIVEN\nARG NOT\nRUN x\n ¦ GIVEN ¦ GIVEN GLOBAL
    are every ENV that is inherited, from a stage or an image, and no ARG ¦ ${STAGES} ¦ ¦ A B I, B I,
    are none of ONBUILD ¦ FROM a\nONBUILD ENV B=1\nRUN x\n ¦ ¦
  `((_, text, given, expected) => {
    const inherited = (image: string): string[] => (image === "image" ? ["I"] : []);
    const settings = {
      platform: "linux/amd64",
      buildArgs: { UNRELATED: "1", ...(given && { [given]: "1" }) },
    };
    const found = [...ownVariables(parseDockerfile(text), settings, inherited).values()];
    const names = found.map((run) => [...run].sort().join(" "));
    assert.deepEqual(names, expected.split(/, ?/));
  });
});

describe("walkInstructions", () => {
  /** What each RUN's text comes out as where it stands. */
  function atRuns(text: string, buildArgs: Values = {}): (string | null)[] {
    const found: (string | null)[] = [];
    walkInstructions(parseDockerfile(text), { platform: "linux/amd64", buildArgs }, (_, one, expand) => {
      if (one.keyword === "RUN") found.push(expand(one.args.text));
    });
    return found;
  }
  const UNKNOWN = "FROM debian\nRUN /x\nRUN $HOME\nENV P=${Q#x}\nRUN /$P\nFROM scratch\nRUN a$HOME\n";
  // The recipe; a build argument D; the texts.
  table()`
    follows ENV and ARG, ENV first
      ¦ ARG TOP=/top\nFROM debian\nARG TOP\nARG D=d\nRUN $TOP/$D\nENV HOME=/h D=/e\nRUN $TOP$D\nRUN $HOME\n ¦
      ¦ /top/d, /top/e, /h
    takes a build argument for an ARG ¦ FROM debian\nARG D=/a\nRUN $D\n ¦ /b ¦ /b
    says unknown for what the base image may set or it can't expand ¦ ${UNKNOWN} ¦ ¦ /x, null, null, a
    hands variables on to a stage that starts from the stage, and to no other
      ¦ FROM debian AS a\nENV D=/d\nARG E=/e\nFROM a\nRUN $D$E\nENV D=/o\nFROM a\nRUN $D\nFROM x\nRUN $D\n
      ¦ ¦ /d/e, /d, null
    ignores what stands under ONBUILD ¦ FROM debian\nENV D=/w\nONBUILD ENV D=/x\nRUN $D\n ¦ ¦ /w
    reads the old form of ENV ¦ FROM debian\nENV D /old\nRUN $D\n ¦ ¦ /old
  `((_, text, given, expected) =>
    assert.equal(
      atRuns(text, given === "" ? {} : { D: given })
        .map(String)
        .join(", "),
      expected,
    ),
  );
});
