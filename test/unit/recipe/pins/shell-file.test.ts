import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { joinedRuns, shellWord, writeFileRuns } from "../../../../provider/recipe/pins/shell-file";
import { removeScratch, scratch } from "../../store/scratch";

const ESCAPES = ["\\", "`"] as const;

/**
 * The shell command of a RUN instruction, its lines joined as Docker joins them: the continuation character
 * and what blanks follow it go, and so do comments and empty lines among the continued ones.
 */
function commandOf(instruction: string, escape: string): string {
  const continued = new RegExp(`${escape === "\\" ? "\\\\" : escape}[ \\t]*$`);
  const kept = instruction.split("\n").filter((line, at) => at === 0 || !/^\s*(?:#.*)?$/.test(line));
  const ends = kept.findIndex((line) => !continued.test(line));
  assert.equal(ends, kept.length - 1, `the instruction ends at: ${kept[ends]}`);
  const joined = kept.map((line) => line.replace(continued, "")).join("");
  return /^RUN (.*)$/s.exec(joined)?.[1] ?? assert.fail(`no RUN: ${instruction.slice(0, 80)}`);
}

/** Really writes the lines, each RUN by a shell of its own as in a build, and compares the file's bytes. */
function assertWritten(lines: readonly string[], escape: string, wanted = bytesOf(lines)): void {
  const file = join(scratch(), "file");
  for (const run of writeFileRuns(file, lines, escape))
    execFileSync("/bin/sh", ["-c", commandOf(run, escape)], { stdio: ["ignore", "pipe", "pipe"] });
  const written = readFileSync(file);
  if (!written.equals(wanted)) assert.equal(written.toString(), wanted.toString());
}
const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(""));

describe("writeFileRuns: what the shell writes", () => {
  after(removeScratch);

  const COMMENTS = ["# comment", "#", "  # indented", "FROM evil", "RUN rm -rf /", "# escape=`"];
  const cases: Record<string, string[]> = {
    "plain lines": ["Package: curl", "Pin: version 1.2-3", ""],
    "empty lines, also first and last": ["", "", "a", "", "b", ""],
    quotes: ["'", "''", `it's "quoted"`, "'\\''", "`tick`"],
    "backslashes, also at the end": ["\\", "a\\", "\\\\", "\\n\\t\\0", "a\\ ", "C:\\x\\"],
    "comments and instructions": COMMENTS,
    "what a shell expands": ["$HOME ${HOME} $(id) `id` * ? ~ !x {a,b}", "a; b && c | d > e < f &"],
    "what printf reads": ["%s %d %n %% \\c", "-n", "--", "-v x"],
    "here-documents": ["<<EOF", "EOF", "cat <<-'X'"],
    blanks: [" leading", "trailing ", "\ttab\t", " "],
    "ticks at the end": ["a`", "`"],
    "a carriage return": ["windows\r", "\r"],
    unicode: ["Grüße, 世界", "😀👩‍👩‍👧", "\u2028\u2029\u0085", "\ufeffbom", "e\u0301"],
  };
  for (const [claim, lines] of Object.entries(cases)) {
    for (const escape of ESCAPES) it(`${claim} (escape ${escape})`, () => assertWritten(lines, escape));
  }

  it("any text at all", () => {
    const odd = fc.constantFrom("'", '"', "\\", "`", "#", "$", " ", "%", "\r", "\t", "<", "ä", "😀");
    const line = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: odd }));
    const text = fc.array(
      line.filter((one) => !/[\n\0]/.test(one)),
      { minLength: 1, maxLength: 8 },
    );
    const writes = fc.property(text, fc.constantFrom(...ESCAPES), (lines, escape) =>
      assertWritten(lines, escape),
    );
    fc.assert(writes, { numRuns: 60 });
  });

  const atEveryOffset = [0, 1, 2, 3].map((offset) => "x".repeat(offset) + "😀".repeat(20_000));
  const ofALock = (at: number): string => `    "node_modules/package-${at}": { "version": "1.${at}.0" },`;
  const large: Record<string, string[]> = {
    "a very long line": [`{"a":"${"x".repeat(300_000)}"}`],
    "long lines among short ones": ["a", "b".repeat(150_000), "", "c", "d".repeat(80_000), "e"],
    "long lines of quotes": ["'".repeat(100_000)],
    "long lines of characters outside the first plane, at every offset": atEveryOffset,
    "long lines of backslashes": ["\\".repeat(150_000)],
    "very many empty lines": Array<string>(30_000).fill(""),
    "very many short lines": Array<string>(30_000).fill("}"),
    "hundreds of kilobytes of lines": Array.from({ length: 6_000 }, (_, at) => ofALock(at)),
  };
  for (const [claim, lines] of Object.entries(large)) {
    for (const escape of ESCAPES) {
      it(`${claim}, within the limits of kernel and parser, in few layers (escape ${escape})`, () => {
        const wanted = bytesOf(lines);
        const runs = writeFileRuns("/verified-images/0/file", lines, escape);
        const longest = (texts: string[]): number =>
          Math.max(...texts.map((text) => Buffer.byteLength(text)));
        assert.ok(
          longest(runs.map((run) => commandOf(run, escape))) < 128 * 1024,
          "the kernel's limit of an argument",
        );
        assert.ok(
          longest(runs.map((run) => run.split("\n")).flat()) < 64 * 1024,
          "the parser's limit of a line",
        );
        const layers = 4 + (4 * wanted.length + 6 * lines.length) / 90_000;
        assert.ok(runs.length > 1 && runs.length <= layers, `${runs.length} layers`);
        assertWritten(lines, escape, wanted);
      });
    }
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
      const { stages } = parseDockerfile(`# escape=${escape}\nFROM scratch\n${runs.join("\n")}\n`);
      const read = stages.flatMap((stage) =>
        stage.instructions.map((one) => [one.keyword, one.heredocs.length]),
      );
      assert.deepEqual([stages.length, ...read], [1, ...runs.map(() => ["RUN", 0])]);
    }
  });

  it("refuses a line that would end the instruction", () => {
    for (const line of ["a\nRUN evil", "\n", "a\0b"]) {
      const message = /RangeError: a line of \/pins\/file has a line break/;
      assert.throws(() => writeFileRuns("/pins/file", ["x", line], "\\"), message);
    }
  });

  it("comes in as few instructions as their size allows, and nothing of it is lost", () => {
    const runs = [...writeFileRuns("/pins/a", ["x"], "\\"), ...writeFileRuns("/pins/b", ["y", "z"], "\\")];
    const printed =
      "printf '%s\\n' \\\n  'x' \\\n  >> /pins/a && \\\n  printf '%s\\n' \\\n  'y' \\\n  'z' \\\n  >> /pins/b";
    assert.deepEqual(joinedRuns(["RUN mkdir /pins", ...runs], "\\"), [`RUN mkdir /pins && \\\n  ${printed}`]);
    const large = writeFileRuns("/pins/large", Array<string>(5).fill("a".repeat(60_000)), "\\");
    assert.deepEqual([joinedRuns(large, "\\"), joinedRuns([], "\\")], [large, []]);
  });

  it("quotes words for a POSIX shell", () =>
    assert.deepEqual(["", "a'b"].map(shellWord), ["''", "'a'\\''b'"]));
});
