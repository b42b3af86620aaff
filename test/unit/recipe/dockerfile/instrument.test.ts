import assert from "node:assert/strict";
import { argumentLine } from "../../../../provider/recipe/dockerfile/argument-line";
import { expandVariables } from "../../../../provider/recipe/dockerfile/expand";
import { type RecipeSettings } from "../../../../provider/recipe/dockerfile/global-arguments";
import { instrument, type Instrumentation } from "../../../../provider/recipe/dockerfile/instrument";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";

const change = (text: string, what: Instrumentation, settings: Partial<RecipeSettings> = {}): string =>
  instrument(parseDockerfile(text), { platform: "linux/amd64", ...settings }, what);
const FLAG = "--mount=type=secret,id=x";
const mount = { run: () => [FLAG] };

describe("instrument: RUN", () => {
  for (const [claim, before, after] of [
    ["shell form", "RUN ls\n", `RUN ${FLAG} ls\n`],
    ["lower case and a tab", "run\tls", `run ${FLAG}\tls`],
    ["before the recipe's own flags", "RUN --network=none ls\n", `RUN ${FLAG} --network=none ls\n`],
    ["JSON form", 'RUN ["ls"]\n', `RUN ${FLAG} ["ls"]\n`],
    ["a here-document", "RUN <<EOF\nls\nEOF\n", `RUN ${FLAG} <<EOF\nls\nEOF\n`],
    ["continuation after the keyword", "RUN \\\n  ls\n", `RUN ${FLAG} \\\n  ls\n`],
    ["continuation at the keyword", "RUN\\\n  ls\n", `RUN ${FLAG}\\\n  ls\n`],
    ["CRLF", "RUN ls \\\r\n # x\r\n -l\r\n", `RUN ${FLAG} ls \\\r\n # x\r\n -l\r\n`],
    ["nothing under ONBUILD", "ONBUILD RUN ls\n", "ONBUILD RUN ls\n"],
    ["nothing in a here-document of COPY", "COPY <<E /x\nRUN ls\nE\n", "COPY <<E /x\nRUN ls\nE\n"],
    ["nothing in comments", "# RUN ls\nCMD RUN\n", "# RUN ls\nCMD RUN\n"],
  ] as const) {
    it(claim, () => assert.equal(change(`FROM debian\n${before}`, mount), `FROM debian\n${after}`));
  }

  it("joins several flags by single spaces, and asks per stage and instruction", () =>
    assert.equal(
      change("FROM a AS one\nRUN x\nRUN y\n", {
        run: (stage, { args }) => (args.text === "x" ? [`--mount=id=${stage.name}`, "--network=none"] : []),
      }),
      "FROM a AS one\nRUN --mount=id=one --network=none x\nRUN y\n",
    ));
  it("touches only stages that the target needs", () => {
    const text = "FROM a AS one\nRUN x\nFROM b AS two\nRUN y\n";
    assert.equal(change(text, mount, { target: "one" }), text.replace("RUN x", `RUN ${FLAG} x`));
  });
  it("keeps directives and a byte order mark first", () => {
    const text = "\uFEFF# syntax=docker/dockerfile:1\n# escape=`\nFROM debian\nRUN a `\n b\n";
    const changed = change(text, { ...mount, header: "FROM h AS helper\n" });
    assert.match(
      changed,
      /^\uFEFF# syntax=docker\/dockerfile:1\n# escape=`\nFROM h AS helper\nFROM debian\n/,
    );
    assert.equal(parseDockerfile(changed).escape, "`");
  });
  const unfit = [
    "mount=x",
    "--mount=a b",
    "--mount=a\nRUN rm",
    "--mount=$x",
    '--mount="a"',
    "--mount=a\\",
    "-x",
  ];
  for (const flag of unfit) {
    it(`refuses the flag ${JSON.stringify(flag)}`, () =>
      assert.throws(() => change("FROM a\nRUN x\n", { run: () => [flag] }), RangeError));
  }
});

describe("instrument: bases", () => {
  it("replaces the image in FROM, COPY --from and mounts, and leaves the rest of the line", () =>
    assert.equal(
      change(
        "ARG V=12\nFROM --platform=linux/amd64 debian:$V  AS a\nCOPY --link --from=nginx:1 a b\n" +
          "RUN --mount=from=nginx:1,target=/x ls\nFROM a\nCOPY --from=a / /\n",
        {
          bases: new Map(
            Object.entries({ "debian:12": "debian:12@sha256:aa", "nginx:1": "nginx@sha256:bb" }),
          ),
        },
      ),
      "ARG V=12\nFROM --platform=linux/amd64 debian:12@sha256:aa  AS a\nCOPY --link --from=nginx@sha256:bb a b\n" +
        "RUN --mount=from=nginx@sha256:bb,target=/x ls\nFROM a\nCOPY --from=a / /\n",
    ));
  it("leaves a reference that has no pin", () =>
    assert.equal(change("FROM a\n", { bases: new Map([["b", "c"]]) }), "FROM a\n"));
  it("refuses what is no reference", () =>
    assert.throws(() => change("FROM a\n", { bases: new Map([["a", "b AS c\nRUN x"]]) }), RangeError));
});

describe("instrument: stage arguments", () => {
  const argument = { stageArguments: () => ({ A: "1", B: "2" }) };
  for (const [claim, before, after] of [
    ["after the FROM", "FROM a\nRUN x\n", 'FROM a\nARG A="1"\nARG B="2"\nRUN x\n'],
    ["in the last line without a newline", "FROM a", 'FROM a\nARG A="1"\nARG B="2"'],
    [
      "after a FROM over several lines",
      "FROM a \\\n AS b\nRUN x",
      'FROM a \\\n AS b\nARG A="1"\nARG B="2"\nRUN x',
    ],
    ["with CRLF", "FROM a\r\nRUN x\r\n", 'FROM a\r\nARG A="1"\r\nARG B="2"\r\nRUN x\r\n'],
  ] as const) {
    it(claim, () => assert.equal(change(before, argument), after));
  }
  it("survive a FROM that ends in a continuation", () => {
    const [stage] = parseDockerfile(change("FROM a \\\n", argument)).stages;
    const keywords = stage?.instructions.map(({ keyword }) => keyword);
    assert.deepEqual([stage?.from.image.written, keywords], ["a", ["ARG", "ARG"]]);
  });
  it("hold any text literally, with either escape character", () => {
    const value = `a "b" 'c' $D \${E} \\ \`x\` # <<EOF \\`;
    for (const escape of ["\\", "`"] as const) {
      const line = argumentLine("X", value, escape);
      const parsed = parseDockerfile(`${escape === "`" ? "# escape=`\n" : ""}${line}\nFROM a\n`);
      const [written] = parsed.globals[0]?.assignments ?? [];
      const expanded = expandVariables(written?.value ?? "", () => "WRONG", escape);
      assert.deepEqual([written?.name, expanded], ["X", value]);
    }
  });
  it("refuse line breaks and bad names", () => {
    assert.throws(() => argumentLine("A", "1\nRUN x", "\\"), RangeError);
    assert.throws(() => argumentLine("A B", "1", "\\"), RangeError);
  });
});

describe("instrument: helper stages", () => {
  const header = "FROM h AS pins\nRUN p";

  it("go between the global ARGs and the first FROM, which they move by their number, mounts not", () =>
    assert.equal(
      change(
        "ARG V=1\n# the base\nFROM a\nFROM b\nCOPY --from=0 / /\nCOPY --from=debian / /\n" +
          "RUN --mount=from=0,target=/x ls\nFROM c\nCOPY --from=1 / /\n",
        { header },
        { target: "2" },
      ),
      "ARG V=1\n# the base\nFROM h AS pins\nRUN p\nFROM a\nFROM b\nCOPY --from=1 / /\nCOPY --from=debian / /\n" +
        "RUN --mount=from=0,target=/x ls\nFROM c\nCOPY --from=2 / /\n",
    ));
  it("need a name of their own that the recipe does not use", () => {
    assert.throws(() => change("FROM a\n", { header: "FROM h\n" }), /needs a name/);
    assert.throws(() => change("FROM a AS pins\n", { header }), /uses the name/);
    assert.throws(() => change("FROM a\nCOPY --from=pins / /\n", { header }), /uses the name/);
    assert.throws(() => change("FROM a\n", { header: `ARG X=1\n${header}` }), /must start with a FROM/);
  });
});
