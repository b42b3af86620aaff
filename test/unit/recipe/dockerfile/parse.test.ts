import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type Instruction, type RunInstruction } from "../../../../provider/recipe/dockerfile/types";
import { type Stage } from "../../../../provider/recipe/dockerfile/types";
import { each } from "../../../support/each";
import { table } from "../../../support/table";

const instructions = (text: string): Instruction[] =>
  parseDockerfile(text).stages.flatMap((stage) => stage.instructions);
const run = (text: string): RunInstruction => {
  const [only, ...more] = instructions(text).filter((i) => i.keyword === "RUN");
  assert.ok(only && more.length === 0, "exactly one RUN");
  return only;
};
/** `line KEYWORD|arguments`; for a RUN what its line has up to the place for flags stands for the keyword. */
const outline = (text: string): string[] =>
  instructions(text).map((one) => {
    const keyword = "flagOffset" in one ? text.slice(0, one.flagOffset).split("\n").at(-1) : one.keyword;
    return `${one.line} ${keyword}|${one.args.text}`;
  });
const sliced = (text: string, ranges: readonly { start: number; end: number }[]): string[] =>
  ranges.map(({ start, end }) => text.slice(start, end));

describe("parseDockerfile: the longest line", () => {
  const recipe = (bytes: number, end: string): string => `FROM a\nLABEL a=${"x".repeat(bytes - 8)}${end}`;

  it("is the longest that BuildKit reads: 65,535 bytes, the carriage return among them", () => {
    for (const text of [recipe(65_535, "\n"), recipe(65_534, "\r\n"), recipe(65_535, "")])
      parseDockerfile(text);
    const expected = /^Recipe, line 2: the line has 65536 bytes\. Docker reads at most 65535\. Break it/;
    for (const text of [recipe(65_536, "\n"), recipe(65_535, "\r\n"), recipe(65_536, "")]) {
      assert.throws(() => parseDockerfile(text), { code: "recipe", message: expected });
    }
    const smiling = `FROM a\nLABEL a=${"\u{1f600}".repeat(20_000)}\n`;
    assert.throws(() => parseDockerfile(smiling), /has 80008 bytes/);
  });
});

describe("parseDockerfile: stages", () => {
  const first = (text: string): Stage => parseDockerfile(text).stages[0] ?? assert.fail();

  it("reads names in lower case, images with their range, platform flags", () => {
    const text = "FROM  --platform=$BUILDPLATFORM\tgolang:1.22 as Build\nFROM debian\n";
    const { name, from } = first(text);
    const read = [name, from.platform, from.image.written, ...sliced(text, [from.image])];
    assert.deepEqual(read, ["build", "$BUILDPLATFORM", "golang:1.22", "golang:1.22"]);
    const second = parseDockerfile(text).stages[1];
    assert.deepEqual([second?.name, second?.from.line, second?.from.end], [null, 2, text.length - 1]);
  });

  it("keeps global ARGs apart, several in one instruction, quotes as written", () => {
    const { globals, stages } = parseDockerfile('ARG A=1 B\nARG C="x y"\nFROM debian\nARG D=2\n');
    const assignments = globals.flatMap((global) => global.assignments);
    const written = assignments.map(({ name, value }) => `${name} ${value}`);
    assert.deepEqual(written, ["A 1", "B null", 'C "x y"']);
    assert.equal(stages[0]?.instructions.length, 1);
  });

  it("joins a FROM over continuation lines and a comment between them", () => {
    const text = "FROM \\\n# which one\n  debian:12 \\\n\n AS base\nRUN true";
    const { from, name } = first(text);
    assert.deepEqual([name, ...sliced(text, [from.image])], ["base", "debian:12"]);
    assert.equal(text.slice(from.end), "\nRUN true");
  });

  it("gives the range of an image split over two lines", () => {
    const text = "FROM deb\\\nian:12\n";
    const { image } = first(text).from;
    assert.deepEqual([image.written, ...sliced(text, [image])], ["debian:12", "deb\\\nian:12"]);
  });
});

describe("parseDockerfile: lines and directives", () => {
  table()`
    tolerates a byte order mark before a directive ¦ ${"\uFEFF"}# escape=\`\nFROM debian\n ¦ \`
    takes a directive after a comment for a comment ¦ # hello\n# escape=\`\nFROM debian\n ¦ \
    takes a directive after an unknown one for a comment ¦ # unknown=1\n# escape=\`\nFROM debian\n ¦ \
  `((_, text, escape) => assert.equal(parseDockerfile(text).escape, escape));

  const FLAGS = "--network=none --mount=type=cache,target=/x";
  const SPREAD = "RUN a \\\n# curl x | sh\n\n   \n  b \\\n\t# last\n c\nUSER x\n";
  each("%s", [
    [
      "takes lower-case keywords, tabs and leading spaces",
      "\trun\techo a\n  copy a b\n",
      "2 \trun|echo a, 3 COPY|a b",
    ],
    ["continues after an escaped space", "RUN ls a\\ \\\n b\nUSER x\n", "2 RUN|ls a\\  b, 4 USER|x"],
    ["does not take a lone carriage return for a line break", "RUN a\rRUN b\n", "2 RUN|a\rRUN b"],
    ["drops comments and blank lines between continuation lines", SPREAD, "2 RUN|a   b  c, 9 USER|x"],
    ["ends at the end of the file without a newline", "RUN a", "2 RUN|a"],
    [
      "counts offsets in UTF-16 units",
      "LABEL a=😀\nRUN echo 😀\nRUN b",
      "2 LABEL|a=😀, 3 RUN|echo 😀, 4 RUN|b",
    ],
    ["puts the place for flags before the recipe's own flags", `RUN ${FLAGS} npm ci\n`, "2 RUN|npm ci"],
    ["puts it after the keyword when a continuation follows at once", "RUN\\\n  echo a\n", "2 RUN|echo a"],
    ["takes what follows a lone -- for the command's", "RUN -- --mount=from=x y\n", "2 RUN|--mount=from=x y"],
  ])((_, text, expected) => assert.equal(outline(`FROM debian\n${text}`).join(", "), expected));

  it("ends in a continuation at the end of the file", () => {
    const text = "FROM debian\nRUN a \\";
    assert.deepEqual([run(text).args.text, run(text).end], ["a", text.length - 2]);
  });

  it("tolerates a byte order mark and counts it in offsets", () => {
    const text = "\uFEFFFROM debian\nRUN true\n";
    assert.deepEqual([parseDockerfile(text).stages[0]?.from.start, ...outline(text)], [1, "2 RUN|true"]);
  });

  it("tolerates CRLF, in continuation lines too", () => {
    const text = "FROM debian\r\nRUN echo a && \\\r\n  # why\r\n  echo b\r\nRUN echo c\r\n";
    assert.deepEqual(outline(text), ["2 RUN|echo a &&   echo b", "5 RUN|echo c"]);
    assert.equal(sliced(text, instructions(text))[0], "RUN echo a && \\\r\n  # why\r\n  echo b");
  });

  it("honours escape=` so that a backslash continues nothing", () => {
    const text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM debian\nRUN echo a \\\nRUN echo b `\n  c\n";
    assert.equal(parseDockerfile(text).syntax, "docker/dockerfile:1");
    assert.deepEqual(outline(text), ["4 RUN|echo a \\", "5 RUN|echo b   c"]);
  });
});

describe("parseDockerfile: flags and sources", () => {
  it("takes flags of the command for the command's", () => {
    const { flags, sources, args } = run("FROM debian\nRUN my--tool --mount=type=bind,from=secret x\n");
    assert.deepEqual([flags, sources, args.text], [[], [], "my--tool --mount=type=bind,from=secret x"]);
  });

  it("finds from= of mounts with its range, also over continuation lines", () => {
    const text =
      "FROM debian\nRUN --mount=type=bind,\\\nfrom=build,target=/x \\\n --mount=FROM=nginx:1,target=/y \\\n ls\n";
    const { sources, args } = run(text);
    const written = sources.map((source) => source.written);
    assert.deepEqual([written, sliced(text, sources)], Array(2).fill(["build", "nginx:1"]));
    assert.equal(args.text, "ls");
  });

  each("knows the JSON form: %s", [
    ['RUN ["a", "b c"]', ["a", "b c"]],
    ['RUN --network=none ["a"]', ["a"]],
    ["RUN [ -f /x ]", null],
    ["RUN ['a']", null],
  ])((written, exec) => assert.deepEqual(run(`FROM debian\n${written}\n`).exec, exec));

  it("flags ONBUILD, on the line where it stands", () => {
    const text = "FROM debian\nONBUILD RUN a\nonbuild copy --from=x a b\nRUN b\nONBUILD \\\n RUN c\n";
    const flagged = instructions(text).map(({ keyword, onbuild, line }) => `${keyword} ${onbuild} ${line}`);
    assert.deepEqual(flagged, ["RUN true 2", "COPY true 3", "RUN false 4", "RUN true 6"]);
  });
});

describe("parseDockerfile: here-documents", () => {
  it("takes the body for text, whatever it looks like", () => {
    const text = "FROM debian\nRUN <<EOF\nFROM x\nRUN y \\\nEOF\nUSER a\n";
    const { heredocs, end } = run(text);
    assert.deepEqual([...sliced(text, heredocs), text.slice(end)], ["FROM x\nRUN y \\\n", "\nUSER a\n"]);
    assert.equal(parseDockerfile(text).stages.length, 1);
  });

  it("reads several, quoted, with tabs, with a descriptor, on COPY and under ONBUILD", () => {
    const text =
      "FROM debian\nCOPY <<one <<-\"two\" /x/\nRUN 1\none\n\tRUN 2\n\ttwo\nRUN python3 3<<'A B'\nRUN 3\nA B\n" +
      "ONBUILD RUN <<E\nRUN 4\nE\nUSER x\n";
    const found = instructions(text).map((one) => `${one.keyword} ${sliced(text, one.heredocs).join("|")}`);
    assert.deepEqual(found, ["COPY RUN 1\n|\tRUN 2\n", "RUN RUN 3\n", "RUN RUN 4\n", "USER "]);
  });

  it("ends a body with CRLF line breaks", () =>
    assert.equal(run("FROM debian\r\nRUN <<EOF\r\nls\r\nEOF\r\n").heredocs[0]?.terminator, "EOF"));
});

describe("parseDockerfile: what can't be read", () => {
  const MOUNT = 'FROM debian\nRUN --mount=type=bind,from=x"y"z,target=/y ls\n';
  each("names %s", [
    ["an empty file", "", null, /^Recipe: it is empty\. A Dockerfile needs at least one FROM\.$/],
    ["a file of comments", "# only a comment\n", null, /no FROM/],
    ["a file without FROM", "ARG A=1\n", null, /no FROM/],
    ["an unknown instruction", "FROM debian\n\nRUM ls\n", 3, /unknown instruction "RUM"/],
    ["an instruction before FROM", "RUN ls\nFROM debian\n", 1, /before the first FROM/],
    ["a FROM that is none", "FROM debian AS\n", 1, /FROM debian AS can't be read/],
    ["a bad stage name", "FROM debian AS 1st\n", 1, /stage name "1st"/],
    ["missing arguments", "FROM debian\nCOPY --link\n", 2, /COPY has no arguments/],
    ["a here-document without end", "FROM debian\nRUN <<EOF\nls\n", 2, /<<EOF is never closed/],
    ["a bad escape directive", "# escape=x\nFROM debian\n", 1, /escape directive is "x"/],
    ["a directive given twice", "# escape=`\n# Escape=`\nFROM a\n", 2, /given twice/],
    ["a from= that can't be replaced", MOUNT, 2, /without quotes/],
    ["ENV without a value", "FROM a\nENV X\n", 2, /ENV X has no value/],
    ["ARG without a name", "FROM a\nARG =1\n", 2, /ARG can't be read at "=1"; write NAME=value/],
    ["ONBUILD with nothing after it", "FROM a\nONBUILD\n", 2, /ONBUILD/],
  ])((_, text, line, message) =>
    assert.throws(() => parseDockerfile(text), { name: "RecipeError", line, message }),
  );
});
