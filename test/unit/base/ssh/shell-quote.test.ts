import assert from "node:assert/strict";
import fc from "fast-check";
import { shellQuote } from "../../../../provider/base/ssh/shell-quote";
import { runChild } from "../../../support/child";

/** What a real shell makes of a line: the arguments that `printf` gets. */
async function argumentsOf(line: string): Promise<string[]> {
  const { code, stdout, stderr } = await runChild("sh", ["-c", `printf '%s\\0' ${line}`]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout.split("\0").slice(0, -1);
}

const NASTY = [
  "",
  " ",
  "'",
  "''",
  `"`,
  "$(touch /tmp/never)",
  "`id`",
  "${HOME}",
  "$HOME",
  "a\nb\n",
  "\n",
  "-n",
  "--",
  "-e \\n",
  "\\",
  "\\'",
  "!!",
  "*",
  "~",
  "#x",
  "; exit 7",
  "&& false",
  "grüße ☃ \u{1f600}",
  "\t\r\u0007",
  "%s%n",
];

describe("a word for a shell", function () {
  this.timeout(120_000);

  it("is taken as it stands by a real sh, whatever is in it", async () => {
    assert.deepEqual(await argumentsOf(NASTY.map(shellQuote).join(" ")), NASTY);
  });

  it("is so for any text, alone and through a second shell", async () => {
    const piece = fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom("'", '"', "$", "(", ")", "`", "\\", "\n", " ", "-", "!", "a") }),
    );
    // What is no Unicode can't be an argument at all: Node.js replaces it.
    const word = piece.filter((text) => !text.includes("\0") && Buffer.from(text).toString() === text);
    const words = fc.array(word, { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(words, async (texts) => {
        const line = texts.map(shellQuote).join(" ");
        assert.deepEqual(await argumentsOf(line), texts);
        const inner = `printf '%s\\0' ${line}`;
        const twice = await runChild("sh", ["-c", `sh -c ${shellQuote(inner)}`]);
        assert.deepEqual(twice.stdout.split("\0").slice(0, -1), texts);
      }),
      { numRuns: 40 },
    );
  });

  it("can't have a NUL", () => {
    assert.throws(() => shellQuote("a\0b"), TypeError);
  });
});
