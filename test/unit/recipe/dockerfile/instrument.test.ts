import assert from "node:assert/strict";
import { argumentLine, labelLine } from "../../../../provider/recipe/dockerfile/argument-line";
import { expandVariables } from "../../../../provider/recipe/dockerfile/expand";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { instrument, type Instrumentation } from "../../../../provider/recipe/dockerfile/instrument";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { each } from "../../../support/each";

const change = (text: string, what: Instrumentation, settings: Partial<RecipeSettings> = {}): string =>
  instrument(parseDockerfile(text), { platform: "linux/amd64", ...settings }, what);
const FLAG = "--mount=type=secret,id=x";
const mount = { run: () => [FLAG] };

describe("instrument: RUN", () => {
  // @ is where the flag goes.
  each("%s", [
    ["shell form", "RUN@ ls\n"],
    ["lower case and a tab", "run@\tls"],
    ["before the recipe's own flags", "RUN@ --network=none ls\n"],
    ["JSON form", 'RUN@ ["ls"]\n'],
    ["a here-document", "RUN@ <<EOF\nls\nEOF\n"],
    ["continuation after the keyword", "RUN@ \\\n  ls\n"],
    ["continuation at the keyword", "RUN@\\\n  ls\n"],
    ["CRLF", "RUN@ ls \\\r\n # x\r\n -l\r\n"],
    ["nothing under ONBUILD", "ONBUILD RUN ls\n"],
    ["nothing in a here-document of COPY", "COPY <<E /x\nRUN ls\nE\n"],
    ["nothing in comments", "# RUN ls\nCMD RUN\n"],
  ])((_, text) =>
    assert.equal(
      change(`FROM debian\n${text.replace("@", "")}`, mount),
      `FROM debian\n${text.replace("@", ` ${FLAG}`)}`,
    ),
  );

  it("joins several flags by single spaces, and asks per stage and instruction", () => {
    const run: Instrumentation["run"] = (stage, { args }) =>
      args.text === "x" ? [`--mount=id=${stage.name}`, "--network=none"] : [];
    const changed = change("FROM a AS one\nRUN x\nRUN y\n", { run });
    assert.equal(changed, "FROM a AS one\nRUN --mount=id=one --network=none x\nRUN y\n");
  });
  it("touches only stages that the target needs", () => {
    const text = "FROM a AS one\nRUN x\nFROM b AS two\nRUN y\n";
    assert.equal(change(text, mount, { target: "one" }), text.replace("RUN x", `RUN ${FLAG} x`));
  });
  it("keeps directives and a byte order mark first", () => {
    const [head, rest] = ["\uFEFF# syntax=docker/dockerfile:1\n# escape=`\n", "FROM debian\nRUN a `\n b\n"];
    const header = "FROM h AS helper\n";
    const changed = change(head + rest, { ...mount, header });
    assert.equal(changed, head + header + rest.replace("RUN", `RUN ${FLAG}`));
    assert.equal(parseDockerfile(changed).escape, "`");
  });
  for (const flag of [
    "mount=x",
    "--mount=a b",
    "--mount=a\nRUN rm",
    "--mount=$x",
    '--mount="a"',
    "--mount=a\\",
    "-x",
  ])
    it(`refuses the flag ${JSON.stringify(flag)}`, () =>
      assert.throws(() => change("FROM a\nRUN x\n", { run: () => [flag] }), RangeError));
});

describe("instrument: bases", () => {
  it("replaces the image in FROM, COPY --from and mounts, and leaves the rest of the line", () => {
    const [debian, nginx] = ["debian:12@sha256:aa", "nginx@sha256:bb"];
    const text = (one: string, other: string): string =>
      `ARG V=12\nFROM --platform=linux/amd64 ${one}  AS a\nCOPY --link --from=${other} a b\n` +
      `RUN --mount=from=${other},target=/x ls\nFROM a\nCOPY --from=a / /\n`;
    const bases = new Map(Object.entries({ "debian:12": debian, "nginx:1": nginx }));
    assert.equal(change(text("debian:$V", "nginx:1"), { bases }), text(debian, nginx));
  });
  it("leaves a reference that has no pin", () =>
    assert.equal(change("FROM a\n", { bases: new Map([["b", "c"]]) }), "FROM a\n"));
  it("refuses what is no reference", () =>
    assert.throws(() => change("FROM a\n", { bases: new Map([["a", "b AS c\nRUN x"]]) }), RangeError));
});

describe("instrument: a stage's end", () => {
  const end = { stageEnd: () => [labelLine('a"b', "c $D", "\\")] };
  const LINE = 'LABEL "a\\"b"="c \\$D"';
  // @ is where it goes.
  each("%j", [
    ["FROM a\nRUN x@\n"],
    ["FROM a@\n"],
    ["FROM a@"],
    ["FROM a\nRUN <<E\nx\nE@\n# the end\n"],
    ["FROM a\nRUN x \\\n  y@\n\n"],
  ])((text) => assert.equal(change(text.replace("@", ""), end), text.replace("@", `\n${LINE}`)));
  it("survives a last instruction that ends in a continuation", () => {
    const [stage] = parseDockerfile(change("FROM a\nRUN x \\\n", end)).stages;
    assert.deepEqual(
      stage?.instructions.map(({ keyword }) => keyword),
      ["RUN", "LABEL"],
    );
  });
});

describe("instrument: stage arguments", () => {
  const argument = { stageArguments: () => ({ A: "1", B: "2" }) };
  // @ is where they go.
  each("%s", [
    ["after the FROM", "FROM a\n@RUN x\n", "\n"],
    ["in the last line without a newline", "FROM a@", "\n"],
    ["after a FROM over several lines", "FROM a \\\n AS b\n@RUN x", "\n"],
    ["with CRLF", "FROM a\r\n@RUN x\r\n", "\r\n"],
  ])((_, text, end) => {
    const lines = [`ARG A="1"`, `ARG B="2"`].map((line) => (text.endsWith("@") ? end + line : line + end));
    assert.equal(change(text.replace("@", ""), argument), text.replace("@", lines.join("")));
  });
  it("survive a FROM that ends in a continuation", () => {
    const [stage] = parseDockerfile(change("FROM a \\\n", argument)).stages;
    const keywords = stage?.instructions.map(({ keyword }) => keyword);
    assert.deepEqual([stage?.from.image.written, keywords], ["a", ["ARG", "ARG"]]);
  });
  each("hold any text literally, with the escape character %s", [["\\"], ["`"]])((escape) => {
    const value = `a "b" 'c' $D \${E} \\ \`x\` # <<EOF \\`;
    const parsed = parseDockerfile(`# escape=${escape}\n${argumentLine("X", value, escape)}\nFROM a\n`);
    const [written] = parsed.globals[0]?.assignments ?? [];
    assert.deepEqual(
      [written?.name, expandVariables(written?.value ?? "", () => "WRONG", escape)],
      ["X", value],
    );
  });
  it("refuse line breaks and bad names", () => {
    assert.throws(() => argumentLine("A", "1\nRUN x", "\\"), RangeError);
    assert.throws(() => argumentLine("A B", "1", "\\"), RangeError);
  });
});

describe("instrument: helper stages", () => {
  const header = "FROM h AS pins\nRUN p";

  it("go between the global ARGs and the first FROM, which they move by their number, mounts not", () => {
    const text = (helper: string, zero: number, one: number): string =>
      `ARG V=1\n# the base\n${helper}FROM a\nFROM b\nCOPY --from=${zero} / /\nCOPY --from=debian / /\n` +
      `RUN --mount=from=0,target=/x ls\nFROM c\nCOPY --from=${one} / /\n`;
    assert.equal(change(text("", 0, 1), { header }, { target: "2" }), text(`${header}\n`, 1, 2));
  });
  each("need a name of their own that the recipe does not use: %j, %j", [
    ["FROM a\n", "FROM h\n", /needs a name/],
    ["FROM a AS pins\n", header, /uses the name/],
    ["FROM a\nCOPY --from=pins / /\n", header, /uses the name/],
    ["FROM a\n", `ARG X=1\n${header}`, /must start with a FROM/],
  ])((text, helper, message) => assert.throws(() => change(text, { header: helper }), message));
});
