import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { joinedRuns, shellWord, writeFileRuns } from "../../../../provider/recipe/pins/shell-file";
import { removeScratch, scratch } from "../../store/scratch";
import { commandOf, runInstructions } from "./docker-shell";

const ESCAPES = ["\\", "`"] as const;

/** Really writes the lines, with the shell, and returns the file's bytes. */
function written(lines: readonly string[], escape: string = "\\"): Buffer {
  const file = join(scratch(), "file");
  runInstructions(writeFileRuns(file, lines, escape), escape);
  return readFileSync(file);
}
const wanted = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));
const numbered = (count: number, text: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => text(index));

describe("writeFileRuns: what the shell writes", () => {
  after(removeScratch);

  const cases: Record<string, string[]> = {
    "plain lines": ["Package: curl", "Pin: version 1.2-3", ""],
    "empty lines, also first and last": ["", "", "a", "", "b", ""],
    quotes: ["'", "''", `it's "quoted"`, "'\\''", "`tick`"],
    "backslashes, also at the end": ["\\", "a\\", "\\\\", "\\n\\t\\0", "a\\ ", "C:\\x\\"],
    "comments and instructions": [
      "# comment",
      "#",
      "  # indented",
      "FROM evil",
      "RUN rm -rf /",
      "# escape=`",
    ],
    "what a shell expands": ["$HOME ${HOME} $(id) `id` * ? ~ !x {a,b}", "a; b && c | d > e < f &"],
    "what printf reads": ["%s %d %n %% \\c", "-n", "--", "-v x"],
    "here-documents": ["<<EOF", "EOF", "cat <<-'X'"],
    blanks: [" leading", "trailing ", "\ttab\t", " "],
    "ticks at the end": ["a`", "`"],
    "a carriage return": ["windows\r", "\r"],
    unicode: ["Grüße, 世界", "😀👩‍👩‍👧", "\u2028\u2029\u0085", "\ufeffbom", "e\u0301"],
  };
  for (const [claim, lines] of Object.entries(cases)) {
    for (const escape of ESCAPES) {
      it(`${claim} (escape ${escape})`, () => assert.deepEqual(written(lines, escape), wanted(lines)));
    }
  }

  it("any text at all", () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({
        unit: fc.constantFrom("'", '"', "\\", "`", "#", "$", " ", "%", "\r", "\t", "<", "ä", "😀"),
      }),
    );
    const text = fc.array(
      line.filter((one) => !/[\n\0]/.test(one)),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...ESCAPES), (lines, escape) => {
        assert.deepEqual(written(lines, escape), wanted(lines));
      }),
      { numRuns: 60 },
    );
  });

  const large: Record<string, string[]> = {
    "a very long line": [`{"a":"${"x".repeat(500_000)}"}`],
    "long lines among short ones": ["a", "b".repeat(200_000), "", "c", "d".repeat(100_000), "e"],
    "long lines of quotes": ["'".repeat(100_000)],
    "long lines of characters outside the first plane, at every offset": [0, 1, 2, 3].map(
      (offset) => "x".repeat(offset) + "😀".repeat(40_000),
    ),
    "long lines of backslashes": ["\\".repeat(150_000)],
    "very many empty lines": numbered(50_000, () => ""),
    "very many short lines": numbered(60_000, () => "}"),
    "a megabyte of lines": numbered(
      20_000,
      (index) => `      "node_modules/package-${index}": { "version": "1.${index}.0" },`,
    ),
  };
  for (const [claim, lines] of Object.entries(large)) {
    for (const escape of ESCAPES) {
      it(`${claim} (escape ${escape})`, () => assert.ok(written(lines, escape).equals(wanted(lines))));
    }

    it(`${claim}: within the limits of kernel and parser, and in few layers`, () => {
      for (const escape of ESCAPES) {
        const runs = writeFileRuns("/verified-images/0/file", lines, escape);
        for (const run of runs) {
          assert.ok(
            Buffer.byteLength(commandOf(run, escape)) < 128 * 1024,
            "the kernel's limit of an argument",
          );
          for (const line of run.split("\n"))
            assert.ok(Buffer.byteLength(line) < 64 * 1024, "the parser's limit");
        }
        assert.ok(
          runs.length <= 4 + (4 * wanted(lines).length + 6 * lines.length) / 90_000,
          `${runs.length} layers`,
        );
      }
    });
  }
});

describe("writeFileRuns: what it gives", () => {
  it("has one line for each line of the file, so that two recipes can be compared", () =>
    assert.deepEqual(writeFileRuns("/pins/file", ["a", "it's", ""], "\\"), [
      ["RUN printf '%s\\n' \\", "  'a' \\", "  'it'\\''s' \\", "  '' \\", "  >> /pins/file"].join("\n"),
    ]));

  it("is nothing for no lines", () => {
    assert.deepEqual(writeFileRuns("/pins/file", [], "\\"), []);
    assert.ok(!existsSync("/pins/file"));
  });

  it("is one instruction each to this package's own parser, whatever the lines hold", () => {
    const lines = ["# x", "FROM evil", "\\", "`", "<<EOF", "a".repeat(70_000)];
    for (const escape of ESCAPES) {
      const runs = writeFileRuns("/pins/file", lines, escape);
      const head = escape === "`" ? "# escape=`\n" : "";
      const { stages } = parseDockerfile(`${head}FROM scratch\n${runs.join("\n")}\n`);
      assert.equal(stages.length, 1);
      assert.deepEqual(
        stages[0]?.instructions.map(({ keyword, heredocs }) => [keyword, heredocs.length]),
        runs.map(() => ["RUN", 0]),
      );
    }
  });

  it("refuses a line that would end the instruction", () => {
    for (const line of ["a\nRUN evil", "\n", "a\0b"]) {
      assert.throws(
        () => writeFileRuns("/pins/file", ["x", line], "\\"),
        /RangeError: a line of \/pins\/file has a line break/,
      );
    }
  });

  it("comes in as few instructions as their size allows, and nothing of it is lost", () => {
    const runs = [...writeFileRuns("/pins/a", ["x"], "\\"), ...writeFileRuns("/pins/b", ["y", "z"], "\\")];
    assert.deepEqual(joinedRuns(["RUN mkdir /pins", ...runs], "\\"), [
      [
        "RUN mkdir /pins && \\",
        "  printf '%s\\n' \\",
        "  'x' \\",
        "  >> /pins/a && \\",
        "  printf '%s\\n' \\",
        "  'y' \\",
        "  'z' \\",
        "  >> /pins/b",
      ].join("\n"),
    ]);
    const large = writeFileRuns("/pins/large", Array(5).fill("a".repeat(60_000)), "\\");
    assert.deepEqual(joinedRuns(large, "\\"), large);
    assert.deepEqual(joinedRuns([], "\\"), []);
  });

  it("quotes words for a POSIX shell", () => {
    assert.equal(shellWord(""), "''");
    assert.equal(shellWord("a'b"), "'a'\\''b'");
  });
});
