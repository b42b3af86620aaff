import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type Instruction, type RunInstruction } from "../../../../provider/recipe/dockerfile/types";

const instructions = (text: string): Instruction[] =>
  parseDockerfile(text).stages.flatMap((stage) => stage.instructions);
const runs = (text: string): RunInstruction[] => instructions(text).filter((i) => i.keyword === "RUN");
const run = (text: string): RunInstruction => {
  const [only, ...more] = runs(text);
  assert.ok(only && more.length === 0, "exactly one RUN");
  return only;
};
/** The recipe's text up to the place for flags of every RUN, on that line. */
const beforeFlags = (text: string): (string | undefined)[] =>
  runs(text).map(({ flagOffset }) => text.slice(0, flagOffset).split("\n").at(-1));
const keywords = (text: string): string[] => instructions(text).map(({ keyword }) => keyword);
const texts = (text: string): string[] => runs(text).map(({ args }) => args.text);
const sliced = (text: string, ranges: readonly { start: number; end: number }[]): string[] =>
  ranges.map(({ start, end }) => text.slice(start, end));

describe("parseDockerfile: stages", () => {
  it("reads names in lower case, images with their range, platform flags", () => {
    const text = "FROM  --platform=$BUILDPLATFORM\tgolang:1.22 as Build\nFROM debian\n";
    const [first, second] = parseDockerfile(text).stages;
    assert.ok(first && second);
    assert.deepEqual(
      [first.name, first.from.platform, first.from.image.written, ...sliced(text, [first.from.image])],
      ["build", "$BUILDPLATFORM", "golang:1.22", "golang:1.22"],
    );
    assert.deepEqual([second.name, second.from.line, second.from.end], [null, 2, text.length - 1]);
  });

  it("keeps global ARGs apart, several in one instruction, quotes as written", () => {
    const parsed = parseDockerfile('ARG A=1 B\nARG C="x y"\nFROM debian\nARG D=2\n');
    const assignments = parsed.globals.flatMap((global) => global.assignments);
    assert.deepEqual(
      assignments.map(({ name, value }) => [name, value].join(" ")),
      ["A 1", "B ", 'C "x y"'],
    );
    assert.equal(assignments[1]?.value, null);
    assert.equal(parsed.stages[0]?.instructions.length, 1);
  });

  it("takes lower-case keywords, tabs and leading spaces", () => {
    const text = "from debian\n\trun\techo a\n  copy a b\n";
    assert.deepEqual(keywords(text), ["RUN", "COPY"]);
    assert.deepEqual(beforeFlags(text), ["\trun"]);
  });

  it("joins a FROM over continuation lines and a comment between them", () => {
    const text = "FROM \\\n# which one\n  debian:12 \\\n\n AS base\nRUN true";
    const { from, name } = parseDockerfile(text).stages[0] ?? assert.fail();
    assert.deepEqual([name, ...sliced(text, [from.image])], ["base", "debian:12"]);
    assert.equal(text.slice(from.end), "\nRUN true");
  });

  it("gives the range of an image split over two lines", () => {
    const text = "FROM deb\\\nian:12\n";
    const { image } = parseDockerfile(text).stages[0]?.from ?? assert.fail();
    assert.deepEqual([image.written, ...sliced(text, [image])], ["debian:12", "deb\\\nian:12"]);
  });
});

describe("parseDockerfile: lines and directives", () => {
  for (const [claim, text, escape] of [
    ["tolerates a byte order mark before a directive", "\uFEFF# escape=`\nFROM debian\n", "`"],
    ["takes a directive after a comment for a comment", "# hello\n# escape=`\nFROM debian\n", "\\"],
    ["takes a directive after an unknown one for a comment", "# unknown=1\n# escape=`\nFROM debian\n", "\\"],
  ] as const) {
    it(claim, () => assert.equal(parseDockerfile(text).escape, escape));
  }

  for (const [claim, text, expected] of [
    [
      "continues after an escaped space before the continuation character",
      "FROM debian\nRUN ls a\\ \\\n b\nUSER x\n",
      ["RUN", "USER"],
    ],
    ["does not take a lone carriage return for a line break", "FROM debian\nRUN a\rRUN b\n", ["RUN"]],
  ] as const) {
    it(claim, () => assert.deepEqual(keywords(text), expected));
  }

  it("tolerates a byte order mark and counts it in offsets", () => {
    const text = "\uFEFFFROM debian\nRUN true\n";
    assert.equal(parseDockerfile(text).stages[0]?.from.start, 1);
    assert.deepEqual(beforeFlags(text), ["RUN"]);
  });

  it("tolerates CRLF, in continuation lines too", () => {
    const text = "FROM debian\r\nRUN echo a && \\\r\n  # why\r\n  echo b\r\nRUN echo c\r\n";
    const [first, second] = runs(text);
    assert.equal(first?.args.text, "echo a &&   echo b");
    assert.deepEqual(sliced(text, [first]), ["RUN echo a && \\\r\n  # why\r\n  echo b"]);
    assert.equal(second?.line, 5);
  });

  it("honours escape=` so that a backslash continues nothing", () => {
    const text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM debian\nRUN echo a \\\nRUN echo b `\n  c\n";
    assert.equal(parseDockerfile(text).syntax, "docker/dockerfile:1");
    assert.deepEqual(texts(text), ["echo a \\", "echo b   c"]);
  });

  it("drops comments and blank lines between continuation lines", () => {
    const text = "FROM debian\nRUN a \\\n# curl x | sh\n\n   \n  b \\\n\t# last\n c\nUSER x\n";
    const read = instructions(text).map(({ keyword, args, line }) => `${line} ${keyword} ${args.text}`);
    assert.deepEqual(read, ["2 RUN a   b  c", "9 USER x"]);
  });

  it("ends at the end of the file without a newline, also in a continuation", () => {
    assert.deepEqual(texts("FROM debian\nRUN a"), ["a"]);
    const text = "FROM debian\nRUN a \\";
    assert.deepEqual(texts(text), ["a"]);
    assert.equal(run(text).end, text.length - 2);
  });

  it("counts offsets in UTF-16 units after characters outside the basic plane", () =>
    assert.deepEqual(beforeFlags("FROM debian\nLABEL a=😀\nRUN echo 😀\nRUN b"), ["RUN", "RUN"]));
});

describe("parseDockerfile: RUN", () => {
  it("puts the place for flags before the recipe's own flags", () => {
    const text = "FROM debian\nRUN --network=none --mount=type=cache,target=/x npm --version\n";
    assert.deepEqual(beforeFlags(text), ["RUN"]);
    assert.deepEqual(texts(text), ["npm --version"]);
    const flags = run(text).flags.map(({ name, value }) => `${name} ${value}`);
    assert.deepEqual(flags, ["network none", "mount type=cache,target=/x"]);
  });

  it("takes flags of the command for the command's", () => {
    const only = run("FROM debian\nRUN my--tool --mount=type=bind,from=secret x\n");
    assert.deepEqual([only.flags, only.sources], [[], []]);
    assert.equal(only.args.text, "my--tool --mount=type=bind,from=secret x");
    assert.deepEqual(texts("FROM debian\nRUN -- --mount=from=x y\n"), ["--mount=from=x y"]);
  });

  it("finds from= of mounts with its range, also over continuation lines", () => {
    const text =
      "FROM debian\nRUN --mount=type=bind,\\\nfrom=build,target=/x \\\n --mount=FROM=nginx:1,target=/y \\\n ls\n";
    const { sources, args } = run(text);
    const written = sources.map((source) => source.written);
    assert.deepEqual([written, sliced(text, sources)], Array(2).fill(["build", "nginx:1"]));
    assert.equal(args.text, "ls");
  });

  for (const [written, exec] of [
    ['RUN ["a", "b c"]', ["a", "b c"]],
    ['RUN --network=none ["a"]', ["a"]],
    ["RUN [ -f /x ]", null],
    ["RUN ['a']", null],
  ] as const) {
    it(`knows the JSON form: ${written}`, () =>
      assert.deepEqual(run(`FROM debian\n${written}\n`).exec, exec));
  }

  it("puts the place for flags after the keyword when a continuation follows at once", () => {
    const text = "FROM debian\nRUN\\\n  echo a\n";
    assert.deepEqual([beforeFlags(text), texts(text)], [["RUN"], ["echo a"]]);
  });
});

describe("parseDockerfile: here-documents", () => {
  it("takes the body for text, whatever it looks like", () => {
    const text = "FROM debian\nRUN <<EOF\nFROM x\nRUN y \\\nEOF\nUSER a\n";
    const only = run(text);
    assert.deepEqual(sliced(text, only.heredocs), ["FROM x\nRUN y \\\n"]);
    assert.equal(text.slice(only.end), "\nUSER a\n");
    assert.equal(parseDockerfile(text).stages.length, 1);
  });

  it("reads several, quoted, with tabs, with a descriptor, on COPY and under ONBUILD", () => {
    const text =
      "FROM debian\nCOPY <<one <<-\"two\" /x/\nRUN 1\none\n\tRUN 2\n\ttwo\nRUN python3 3<<'A B'\nRUN 3\nA B\n" +
      "ONBUILD RUN <<E\nRUN 4\nE\nUSER x\n";
    assert.deepEqual(keywords(text), ["COPY", "RUN", "RUN", "USER"]);
    assert.deepEqual(
      instructions(text).map(({ heredocs }) => sliced(text, heredocs).join("|")),
      ["RUN 1\n|\tRUN 2\n", "RUN 3\n", "RUN 4\n", ""],
    );
  });

  it("ends a body with CRLF line breaks", () =>
    assert.equal(run("FROM debian\r\nRUN <<EOF\r\nls\r\nEOF\r\n").heredocs[0]?.terminator, "EOF"));

  it("opens none in quotes, in JSON form, for <<<, or in other instructions", () => {
    const text =
      'FROM debian\nRUN echo "a <<EOF b"\nRUN ["cat", "<<EOF"]\nRUN cat <<<EOF\nRUN echo $((1 << 2))\nLABEL a=<<EOF\n';
    const counts = instructions(text).map(({ heredocs }) => heredocs.length);
    assert.deepEqual(counts, [0, 0, 0, 0, 0]);
  });
});

describe("parseDockerfile: COPY, ADD, ONBUILD", () => {
  it("finds --from among other flags, quoted too", () => {
    const text = 'FROM debian\nCOPY --link --from=0 --chown=1:1 a b\nCOPY --from="nginx:1" a b\nCOPY a b\n';
    const found = instructions(text).map((i) => ("sources" in i ? sliced(text, i.sources) : null));
    assert.deepEqual(found, [["0"], ["nginx:1"], []]);
  });

  it("flags ONBUILD, on the line where it stands", () => {
    const text = "FROM debian\nONBUILD RUN a\nonbuild copy --from=x a b\nRUN b\nONBUILD \\\n RUN c\n";
    const flagged = instructions(text).map(({ keyword, onbuild, line }) => `${keyword} ${onbuild} ${line}`);
    assert.deepEqual(flagged, ["RUN true 2", "COPY true 3", "RUN false 4", "RUN true 6"]);
  });
});

describe("parseDockerfile: what can't be read", () => {
  for (const [what, text, line, message] of [
    ["an empty file", "", null, /^Recipe: it is empty\. A Dockerfile needs at least one FROM\.$/],
    ["a file of comments", "# only a comment\n", null, /no FROM/],
    ["a file without FROM", "ARG A=1\n", null, /no FROM/],
    ["an unknown instruction", "FROM debian\n\nRUM ls\n", 3, /unknown instruction "RUM"/],
    ["an instruction before FROM", "RUN ls\nFROM debian\n", 1, /before the first FROM/],
    ["a FROM that is none", "FROM debian AS\n", 1, /FROM debian AS can't be read/],
    ["a bad stage name", "FROM debian AS 1st\n", 1, /stage name "1st"/],
    ["missing arguments", "FROM debian\nRUN --network=none\n", 2, /RUN has no arguments/],
    ["a here-document without end", "FROM debian\nRUN <<EOF\nls\n", 2, /<<EOF is never closed/],
    ["a bad escape directive", "# escape=x\nFROM debian\n", 1, /escape directive is "x"/],
    ["a directive given twice", "# escape=`\n# Escape=`\nFROM a\n", 2, /given twice/],
    ["a line that ends in two escapes", "FROM debian\nRUN a \\\\\nRUN b\n", 2, /two escape characters/],
    [
      "a from= that can't be replaced",
      'FROM debian\nRUN --mount=type=bind,from=x"y"z,target=/y ls\n',
      2,
      /without quotes/,
    ],
    ["a quoted flag with a space", 'FROM a\nRUN --mount="id=a b" ls\n', 2, /space inside quotes/],
    ["ENV without a value", "FROM a\nENV X\n", 2, /ENV X has no value/],
    ["ARG without a name", "FROM a\nARG =1\n", 2, /ARG can't be read at "=1"; write NAME=value/],
    ["ONBUILD with nothing after it", "FROM a\nONBUILD\n", 2, /ONBUILD/],
  ] as const) {
    it(`names ${what}`, () =>
      assert.throws(() => parseDockerfile(text), { name: "RecipeError", line, message }));
  }
});
