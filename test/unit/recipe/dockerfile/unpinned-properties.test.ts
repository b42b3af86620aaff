import assert from "node:assert/strict";
import fc from "fast-check";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { findUnpinned } from "../../../../provider/recipe/dockerfile/unpinned";

const settings = { platform: "linux/amd64" };
const PIECES = [
  ..."FROM a,RUN ,ADD ,ENV A=b,ONBUILD RUN ,COPY --from=0 ,SHELL ,ARG V,USER x".split(","),
  ..."curl https://x.test/f,git clone x,apt-get install a=1,sudo -u,pip install,env -i,npx x".split(","),
  ..."sha256sum -c,sh -c ',bash <<EOF\n,EOF\n,$(,`,<(,((,),},{ ,do ,done,case ".split(","),
  ...' | sh, && , || ,; , > f, << X\n,\\\n,\n,\r\n,\t,",\',#,[,[","],\\,&,\0'.split(","),
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
const HARMLESS = ["ls", "echo 'git clone x'", 'printf "%s" "npx x"', "test -f x"];
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

const places = (text: string): [number, string][] =>
  findUnpinned(parseDockerfile(text), settings).map(({ line, kind }) => [line, kind]);

/** What the call gives, or null where it refuses the recipe; any other error is thrown on. */
function unlessRefused<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    assert.ok(error instanceof RecipeError, String(error));
    return null;
  }
}

describe("findUnpinned, whatever the recipe", () => {
  it("never throws on a recipe that can be read, and points to a line that has the text", () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        const lines = text.split("\n");
        const found = unlessRefused(() => findUnpinned(parseDockerfile(text), settings)) ?? [];
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
      fc
        .tuple(fc.constantFrom(...COMMANDS), fc.constantFrom(...FRAMES))
        .map(([[command, kind], frame]) => ({ text: frame(command), kind })),
      fc.constantFrom(...HARMLESS).map((text) => ({ text, kind: null })),
    );
    const glues = fc.constantFrom(" && \\\n    ", "; \\\n", " || \\\n  # a comment, git clone x\n  ");
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), glues, (parts, glue) => {
        const step = glue.split("\n").length - 1;
        const expected = parts.flatMap(({ kind }, index) =>
          kind === null ? [] : [[2 + index * step, kind]],
        );
        assert.deepEqual(places(`FROM a\nRUN ${parts.map(({ text }) => text).join(glue)}\n`), expected);
      }),
      { numRuns: 500 },
    );
  });

  it("finds the same in a here-document", () => {
    const some = fc.array(fc.constantFrom(...COMMANDS), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(some, (commands) => {
        const body = commands.map(([command]) => command).join("\n");
        const expected = commands.map(([, kind], index) => [4 + index, kind]);
        assert.deepEqual(places(`FROM a\nRUN <<EOF\nset -e\n${body}\nEOF\n`), expected);
      }),
    );
  });
});
