import assert from "node:assert/strict";
import { RecipeError } from "../../../../provider/recipe/dockerfile/error";
import { parseDefinition } from "../../../../provider/recipe/definition/parse";
import { sectionsOf } from "../../../../provider/recipe/definition/types";

const HEADER = "Bootstrap: docker\nFrom: debian:12\n";

/** Asserts that a definition is refused, at a line and with these words. */
function refused(
  text: string,
  line: number | null,
  words: RegExp,
  buildArgs: Record<string, string> = {},
): void {
  assert.throws(
    () => parseDefinition(text, buildArgs),
    (error: unknown) => error instanceof RecipeError && error.line === line && words.test(error.message),
  );
}

/** The texts of all sections of a name in the last stage. */
function bodies(text: string, name: string): string[] {
  const stage = parseDefinition(text).stages.at(-1);
  assert.ok(stage);
  return sectionsOf(stage, name).map(({ body }) => text.slice(body.start, body.end));
}

describe("a definition's header", () => {
  for (const [claim, text] of [
    ["with its usual form", HEADER],
    ["in capitals, without a space", "BOOTSTRAP:docker\nFROM:debian:12\n"],
    ["with comments", "# what\nBootstrap: docker # why\n\nFrom: debian:12 # from\n"],
    ["over two lines", "Bootstrap: docker\nFrom: debi\\\nan:12\n"],
    ["with Windows line ends", "Bootstrap: docker\r\nFrom: debian:12\r\n"],
    ["indented", "  Bootstrap: docker\n  From: debian:12\n"],
  ] as const) {
    it(`is read ${claim}`, () => {
      const [stage, ...others] = parseDefinition(text).stages;
      assert.equal(others.length, 0);
      assert.equal(stage?.agent, "docker");
      assert.equal(stage.header.get("from")?.value, "debian:12");
    });
  }

  it("says where a value stands, so that it can be replaced", () => {
    const range = parseDefinition(HEADER).stages[0]?.header.get("from")?.range;
    assert.ok(range);
    assert.equal(HEADER.slice(range.start, range.end), "debian:12");
  });

  it("is refused without Bootstrap, with an unknown agent or key, and with a line that has no colon", () => {
    refused("From: debian:12\n\n%post\n  true\n", 1, /no `Bootstrap/);
    refused("Bootstrap: podman\nFrom: x\n", 1, /no bootstrap agent "podman"/);
    refused("Bootstrap: Docker\nFrom: x\n", 1, /no bootstrap agent "Docker"/);
    refused(`${HEADER}Base: x\n`, 3, /unknown key "base"/);
    refused("Bootstrap: docker\nwhat\n", 2, /"what" is no line of a header/);
    refused("", null, /empty/);
    refused("# only\n# comments\n", null, /empty/);
    refused('{"rawDefFile":"Bootstrap: arch"}', 1, /unknown key/);
    refused("%help\n  help\nBootstrap: docker\nFrom: x\n", 1, /no `Bootstrap/);
  });
});

describe("a definition's sections", () => {
  it("can occur several times, and all of them count", () => {
    assert.deepEqual(bodies(`${HEADER}%post\n  one\n%labels\n  A b\n%POST -c /bin/bash\n  two\n`, "post"), [
      "  one\n",
      "  two\n",
    ]);
  });

  it("are refused where the engine knows none of that name, also within a script", () => {
    refused(`${HEADER}%include x\n`, 3, /no section "%include"/);
    refused(`${HEADER}%post\n  cat <<E\n%packages\nE\n`, 5, /no section "%packages"/);
    refused(`${HEADER}%appinstall\n  true\n`, 3, /has to name its app/);
  });

  it("of files are read with quotes, defaults and stages", () => {
    const text =
      "Bootstrap: docker\nFrom: x\nStage: build\n%post\n  make\n" +
      "Bootstrap: docker\nFrom: y\n%files\n  \"a b\" /c # no comment to the engine\n\n  # comment\n  d\n%files from build # why\n  /e '/f g'\n";
    assert.deepEqual(parseDefinition(text).stages[1]?.files, [
      { source: "a b", destination: "/c", stage: null, line: 9 },
      { source: "d", destination: "", stage: null, line: 12 },
      { source: "/e", destination: "/f g", stage: "build", line: 14 },
    ]);
  });

  it("of files are refused where their stage is none, and where the engine would skip them", () => {
    refused(`${HEADER}%files from build\n  /a\n`, 4, /names no earlier stage/);
    refused(`${HEADER}%files build\n  /a\n`, 3, /would skip it/);
  });
});

describe("a definition's variables", () => {
  const text = `${HEADER}%arguments\n  version=1.0\n  full=v{{ version }}\n%post\n  get {{full}} # {{ never }}\n`;

  it("have given values before defaults, and tell which were used", () => {
    assert.deepEqual(parseDefinition(text, { version: "2", other: "x" }).consumed, ["version"]);
    const from = "Bootstrap: docker\nFrom: debian:{{ release }}\n%arguments\n release=12\n";
    assert.equal(parseDefinition(from).stages[0]?.header.get("from")?.value, "debian:12");
    assert.equal(parseDefinition(from, { release: "13" }).stages[0]?.header.get("from")?.value, "debian:13");
    assert.equal(parseDefinition(from).stages[0]?.header.get("from")?.range, null);
  });

  it("are refused without a value, with their line", () => {
    refused(`${HEADER}%post\n  get {{ what }}\n`, 4, /the build argument what has no value/);
  });

  it("of one stage have no defaults from another", () => {
    refused(`${text}Bootstrap: docker\nFrom: y\n%post\n  get {{ version }}\n`, 11, /version has no value/);
  });
});
