import assert from "node:assert/strict";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { type Instruction, type RunInstruction } from "../../../../provider/recipe/dockerfile/types";

const instructions = (text: string): Instruction[] =>
  parseDockerfile(text).stages.flatMap((s) => s.instructions);
const runs = (text: string): RunInstruction[] => instructions(text).filter((i) => i.keyword === "RUN");
const run = (text: string): RunInstruction => {
  const [only, ...more] = runs(text);
  assert.ok(only && more.length === 0, "exactly one RUN");
  return only;
};
/** The recipe's text up to the place for flags, on that line. */
const beforeFlags = (text: string, instruction: RunInstruction): string =>
  text.slice(0, instruction.flagOffset).split("\n").at(-1) as string;
const fails = (text: string, line: number | null, message: RegExp): void => {
  assert.throws(
    () => parseDockerfile(text),
    (error) => error instanceof RecipeError && error.line === line && message.test(error.message),
  );
};

describe("parseDockerfile: stages", () => {
  it("reads names in lower case, images with their range, platform flags", () => {
    const text = "FROM  --platform=$BUILDPLATFORM\tgolang:1.22 as Build\nFROM debian\n";
    const [first, second] = parseDockerfile(text).stages;
    assert.equal(first?.name, "build");
    assert.equal(first.from.platform, "$BUILDPLATFORM");
    assert.equal(first.from.image.written, "golang:1.22");
    assert.equal(text.slice(first.from.image.start, first.from.image.end), "golang:1.22");
    assert.equal(second?.name, null);
    assert.equal(second.from.line, 2);
    assert.equal(second.from.end, text.length - 1);
  });

  it("keeps global ARGs apart, several in one instruction, quotes as written", () => {
    const parsed = parseDockerfile('ARG A=1 B\nARG C="x y"\nFROM debian\nARG D=2\n');
    assert.deepEqual(
      parsed.globals.flatMap((global) => global.assignments),
      [
        { name: "A", value: "1" },
        { name: "B", value: null },
        { name: "C", value: '"x y"' },
      ],
    );
    assert.equal(parsed.stages[0]?.instructions.length, 1);
  });

  it("takes lower-case keywords, tabs and leading spaces", () => {
    const text = "from debian\n\trun\techo a\n  copy a b\n";
    assert.deepEqual(
      instructions(text).map((i) => i.keyword),
      ["RUN", "COPY"],
    );
    assert.equal(beforeFlags(text, run(text)), "\trun");
  });

  it("joins a FROM over continuation lines and a comment between them", () => {
    const text = "FROM \\\n# which one\n  debian:12 \\\n\n AS base\nRUN true";
    const { from, name } = parseDockerfile(text).stages[0] ?? assert.fail();
    assert.equal(text.slice(from.image.start, from.image.end), "debian:12");
    assert.equal(name, "base");
    assert.equal(text.slice(from.end), "\nRUN true");
  });

  it("gives the range of an image split over two lines", () => {
    const text = "FROM deb\\\nian:12\n";
    const { image } = parseDockerfile(text).stages[0]?.from ?? assert.fail();
    assert.equal(image.written, "debian:12");
    assert.equal(text.slice(image.start, image.end), "deb\\\nian:12");
  });
});

describe("parseDockerfile: lines and directives", () => {
  it("tolerates a byte order mark and counts it in offsets", () => {
    const text = "\uFEFFFROM debian\nRUN true\n";
    assert.equal(parseDockerfile(text).stages[0]?.from.start, 1);
    assert.equal(beforeFlags(text, run(text)), "RUN");
  });

  it("tolerates a byte order mark before a directive", () => {
    assert.equal(parseDockerfile("\uFEFF# escape=`\nFROM debian\n").escape, "`");
  });

  it("tolerates CRLF, in continuation lines too", () => {
    const text = "FROM debian\r\nRUN echo a && \\\r\n  # why\r\n  echo b\r\nRUN echo c\r\n";
    const [first, second] = runs(text);
    assert.equal(first?.args.text, "echo a &&   echo b");
    assert.equal(text.slice(first.start, first.end), "RUN echo a && \\\r\n  # why\r\n  echo b");
    assert.equal(second?.line, 5);
  });

  it("honours escape=` so that a backslash continues nothing", () => {
    const text = "# syntax=docker/dockerfile:1\n# escape=`\nFROM debian\nRUN echo a \\\nRUN echo b `\n  c\n";
    const parsed = parseDockerfile(text);
    assert.equal(parsed.syntax, "docker/dockerfile:1");
    assert.deepEqual(
      runs(text).map((i) => i.args.text),
      ["echo a \\", "echo b   c"],
    );
  });

  it("takes a directive after any other comment for a comment", () => {
    assert.equal(parseDockerfile("# hello\n# escape=`\nFROM debian\n").escape, "\\");
    assert.equal(parseDockerfile("# unknown=1\n# escape=`\nFROM debian\n").escape, "\\");
  });

  it("drops comments and blank lines between continuation lines", () => {
    const text = "FROM debian\nRUN a \\\n# curl x | sh\n\n   \n  b \\\n\t# last\n c\nUSER x\n";
    assert.deepEqual(
      instructions(text).map((i) => [i.keyword, i.args.text, i.line]),
      [
        ["RUN", "a   b  c", 2],
        ["USER", "x", 9],
      ],
    );
  });

  it("continues after an escaped space before the continuation character", () => {
    const text = "FROM debian\nRUN ls a\\ \\\n b\nUSER x\n";
    assert.deepEqual(
      instructions(text).map((i) => i.keyword),
      ["RUN", "USER"],
    );
  });

  it("ends at the end of the file without a newline, also in a continuation", () => {
    assert.equal(run("FROM debian\nRUN a").args.text, "a");
    const text = "FROM debian\nRUN a \\";
    assert.equal(run(text).args.text, "a");
    assert.equal(run(text).end, text.length - 2);
  });

  it("does not take a lone carriage return for a line break", () => {
    assert.equal(runs("FROM debian\nRUN a\rRUN b\n").length, 1);
  });

  it("counts offsets in UTF-16 units after characters outside the basic plane", () => {
    const text = "FROM debian\nLABEL a=😀\nRUN echo 😀\nRUN b";
    assert.deepEqual(
      runs(text).map((i) => beforeFlags(text, i)),
      ["RUN", "RUN"],
    );
  });
});

describe("parseDockerfile: RUN", () => {
  it("puts the place for flags before the recipe's own flags", () => {
    const text = "FROM debian\nRUN --network=none --mount=type=cache,target=/x npm --version\n";
    assert.equal(beforeFlags(text, run(text)), "RUN");
    assert.equal(run(text).args.text, "npm --version");
    assert.deepEqual(
      run(text).flags.map(({ name, value }) => [name, value]),
      [
        ["network", "none"],
        ["mount", "type=cache,target=/x"],
      ],
    );
  });

  it("takes flags of the command for the command's", () => {
    const only = run("FROM debian\nRUN my--tool --mount=type=bind,from=secret x\n");
    assert.deepEqual([only.flags, only.sources], [[], []]);
    assert.equal(only.args.text, "my--tool --mount=type=bind,from=secret x");
    assert.equal(run("FROM debian\nRUN -- --mount=from=x y\n").args.text, "--mount=from=x y");
  });

  it("finds from= of mounts with its range, also over continuation lines", () => {
    const text =
      "FROM debian\nRUN --mount=type=bind,\\\nfrom=build,target=/x \\\n --mount=FROM=nginx:1,target=/y \\\n ls\n";
    assert.deepEqual(
      run(text).sources.map(({ start, end, written }) => [written, text.slice(start, end)]),
      [
        ["build", "build"],
        ["nginx:1", "nginx:1"],
      ],
    );
    assert.equal(run(text).args.text, "ls");
  });

  it("knows the JSON form", () => {
    assert.deepEqual(run('FROM debian\nRUN ["a", "b c"]\n').exec, ["a", "b c"]);
    assert.deepEqual(run('FROM debian\nRUN --network=none ["a"]\n').exec, ["a"]);
    assert.equal(run("FROM debian\nRUN [ -f /x ]\n").exec, null);
    assert.equal(run("FROM debian\nRUN ['a']\n").exec, null);
  });

  it("puts the place for flags after the keyword when a continuation follows at once", () => {
    const text = "FROM debian\nRUN\\\n  echo a\n";
    assert.equal(beforeFlags(text, run(text)), "RUN");
    assert.equal(run(text).args.text, "echo a");
  });
});

describe("parseDockerfile: here-documents", () => {
  it("takes the body for text, whatever it looks like", () => {
    const text = "FROM debian\nRUN <<EOF\nFROM x\nRUN y \\\nEOF\nUSER a\n";
    const only = run(text);
    assert.deepEqual(
      only.heredocs.map(({ start, end }) => text.slice(start, end)),
      ["FROM x\nRUN y \\\n"],
    );
    assert.equal(text.slice(only.end), "\nUSER a\n");
    assert.equal(parseDockerfile(text).stages.length, 1);
  });

  it("reads several, quoted, with tabs, with a descriptor, on COPY and under ONBUILD", () => {
    const text =
      "FROM debian\nCOPY <<one <<-\"two\" /x/\nRUN 1\none\n\tRUN 2\n\ttwo\nRUN python3 3<<'A B'\nRUN 3\nA B\n" +
      "ONBUILD RUN <<E\nRUN 4\nE\nUSER x\n";
    assert.deepEqual(
      instructions(text).map((i) => [i.keyword, i.heredocs.map((h) => text.slice(h.start, h.end))]),
      [
        ["COPY", ["RUN 1\n", "\tRUN 2\n"]],
        ["RUN", ["RUN 3\n"]],
        ["RUN", ["RUN 4\n"]],
        ["USER", []],
      ],
    );
  });

  it("ends a body with CRLF line breaks", () => {
    assert.equal(run("FROM debian\r\nRUN <<EOF\r\nls\r\nEOF\r\n").heredocs[0]?.terminator, "EOF");
  });

  it("opens none in quotes, in JSON form, for <<<, or in other instructions", () => {
    const text =
      'FROM debian\nRUN echo "a <<EOF b"\nRUN ["cat", "<<EOF"]\nRUN cat <<<EOF\nRUN echo $((1 << 2))\nLABEL a=<<EOF\n';
    assert.deepEqual(
      instructions(text).map((i) => i.heredocs.length),
      [0, 0, 0, 0, 0],
    );
  });
});

describe("parseDockerfile: COPY, ADD, ONBUILD", () => {
  it("finds --from among other flags, quoted too", () => {
    const text = 'FROM debian\nCOPY --link --from=0 --chown=1:1 a b\nCOPY --from="nginx:1" a b\nCOPY a b\n';
    assert.deepEqual(
      instructions(text).map((i) =>
        "sources" in i ? i.sources.map((s) => text.slice(s.start, s.end)) : null,
      ),
      [["0"], ["nginx:1"], []],
    );
  });

  it("flags ONBUILD, on the line where it stands", () => {
    const text = "FROM debian\nONBUILD RUN a\nonbuild copy --from=x a b\nRUN b\nONBUILD \\\n RUN c\n";
    assert.deepEqual(
      instructions(text).map((i) => [i.keyword, i.onbuild, i.line]),
      [
        ["RUN", true, 2],
        ["COPY", true, 3],
        ["RUN", false, 4],
        ["RUN", true, 6],
      ],
    );
  });
});

describe("parseDockerfile: what can't be read", () => {
  it("names an empty file and one without FROM", () => {
    fails("", null, /^Recipe: it is empty\. A Dockerfile needs at least one FROM\.$/);
    fails("# only a comment\n", null, /no FROM/);
    fails("ARG A=1\n", null, /no FROM/);
  });
  it("names an unknown instruction", () => fails("FROM debian\n\nRUM ls\n", 3, /unknown instruction "RUM"/));
  it("names an instruction before FROM", () => fails("RUN ls\nFROM debian\n", 1, /before the first FROM/));
  it("names a FROM that is none", () => fails("FROM debian AS\n", 1, /FROM debian AS can't be read/));
  it("names a bad stage name", () => fails("FROM debian AS 1st\n", 1, /stage name "1st"/));
  it("names missing arguments", () => fails("FROM debian\nRUN --network=none\n", 2, /RUN has no arguments/));
  it("names a here-document without end", () =>
    fails("FROM debian\nRUN <<EOF\nls\n", 2, /<<EOF is never closed/));
  it("names a bad escape directive", () => fails("# escape=x\nFROM debian\n", 1, /escape directive is "x"/));
  it("names a directive given twice", () => fails("# escape=`\n# Escape=`\nFROM a\n", 2, /given twice/));
  it("names a line that ends in two escapes", () =>
    fails("FROM debian\nRUN a \\\\\nRUN b\n", 2, /two escape characters/));
  it("names a from= that can't be replaced", () =>
    fails('FROM debian\nRUN --mount=type=bind,from=x"y"z,target=/y ls\n', 2, /without quotes/));
  it("names a quoted flag with a space", () =>
    fails('FROM a\nRUN --mount="id=a b" ls\n', 2, /space inside quotes/));
  it("names ENV without a value", () => fails("FROM a\nENV X\n", 2, /ENV X has no value/));
  it("names ONBUILD with nothing after it", () => fails("FROM a\nONBUILD\n", 2, /ONBUILD/));
});
