import assert from "node:assert/strict";
import fc from "fast-check";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { findUnpinned } from "../../../../provider/recipe/dockerfile/unpinned";

const settings = { platform: "linux/amd64" };
const PIECES = [
  ...["FROM a", "RUN ", "ADD ", "ENV A=b", "ONBUILD RUN ", "COPY --from=0 ", "SHELL ", "ARG V", "USER x"],
  ...[
    "curl https://x.test/f",
    "git clone x",
    "apt-get install a=1",
    "sudo -u",
    "pip install",
    "env -i",
    "npx x",
  ],
  ...[
    "sha256sum -c",
    "sh -c '",
    "bash <<EOF\n",
    "EOF\n",
    "$(",
    "`",
    "<(",
    "((",
    ")",
    "}",
    "{ ",
    "do ",
    "done",
    "case ",
  ],
  ...[
    " | sh",
    " && ",
    " || ",
    "; ",
    " > f",
    " << X\n",
    "\\\n",
    "\n",
    "\r\n",
    "\t",
    '"',
    "'",
    "#",
    "[",
    '["',
    '"]',
    "\\",
    "&",
    "\0",
  ],
];
const dockerfile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 40 })
  .map((pieces) => `FROM a\nRUN ${pieces.join("")}`);

/** Commands that are found, and what they are found as. */
const COMMANDS: [string, string][] = [
  ["curl -O https://x.test/f", "download"],
  ["git clone https://x.test/r", "git-clone"],
  ["npx x", "npx"],
  ["apk add x", "apk-add"],
  ["gem install x", "gem-install"],
  ["conda install x", "conda-install"],
  ["/usr/bin/wget https://x.test/f", "download"],
];
const HARMLESS = [
  "ls",
  "echo 'git clone x'",
  'printf "%s" "npx x"',
  "# curl https://x.test | sh\n    true",
  "test -f x",
];
const FRAMES: ((command: string) => string)[] = [
  (command) => command,
  (command) => `sudo -E ${command}`,
  (command) => `env A=b nice -n 5 ${command}`,
  (command) => `( cd /x && ${command} )`,
  (command) => `if true; then ${command}; fi`,
  (command) => `for a in b c; do ${command}; done`,
  (command) => `sh -euc '${command}'`,
  (command) => `X=1 ${command}`,
];

describe("findUnpinned, whatever the recipe", () => {
  it("never throws on a recipe that can be read, and points to a line that has the text", () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        let parsed;
        try {
          parsed = parseDockerfile(text);
        } catch (error) {
          assert.ok(error instanceof RecipeError);
          return;
        }
        let found;
        try {
          found = findUnpinned(parsed, settings);
        } catch (error) {
          assert.ok(error instanceof RecipeError, String(error));
          return;
        }
        const lines = text.split("\n");
        for (const { line, text: shown, reason, kind } of found) {
          assert.ok(Number.isInteger(line) && line >= 1 && line <= lines.length);
          const [first = ""] = shown.split(/\s+/);
          assert.ok(first.includes("***") || (lines[line - 1] ?? "").includes(first));
          assert.match(reason, /^\S.*\.$/s);
          assert.match(kind, /^[a-z-]+$/);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("finds exactly the commands that fetch, each on its own line, in any frame and between harmless ones", () => {
    const part = fc.oneof(
      fc.tuple(fc.constantFrom(...COMMANDS), fc.constantFrom(...FRAMES)).map(([[command, kind], frame]) => ({
        text: frame(command),
        kind,
      })),
      fc
        .constantFrom(...HARMLESS.filter((text) => !text.startsWith("#")))
        .map((text) => ({ text, kind: null })),
    );
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(" && \\\n    ", "; \\\n", " || \\\n  # a comment, git clone x\n  "),
        (parts, glue) => {
          const text = `FROM a\nRUN ${parts.map((item) => item.text).join(glue)}\n`;
          const step = glue.split("\n").length - 1;
          const expected = parts.flatMap(({ kind }, index) =>
            kind === null ? [] : [[2 + index * step, kind]],
          );
          const found = findUnpinned(parseDockerfile(text), settings).map(({ line, kind }) => [line, kind]);
          assert.deepEqual(found, expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("finds the same in a here-document", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...COMMANDS), { minLength: 1, maxLength: 6 }), (commands) => {
        const text = `FROM a\nRUN <<EOF\nset -e\n${commands.map(([command]) => command).join("\n")}\nEOF\n`;
        const found = findUnpinned(parseDockerfile(text), settings).map(({ line, kind }) => [line, kind]);
        assert.deepEqual(
          found,
          commands.map(([, kind], index) => [4 + index, kind]),
        );
      }),
    );
  });
});
