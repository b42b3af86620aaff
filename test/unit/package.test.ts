import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { REPOSITORY } from "../support/pulumi-project";
import { runChild } from "../support/child";

const read = (file: string): string => readFileSync(join(REPOSITORY, file), "utf8");

/** The text of a page between backticks, code blocks left out. */
const codeIn = (page: string): string[] =>
  [...page.replace(/^```[^]*?^```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);

/** Paths below the folders of the code that a page names; what stands for any name (`<name>`) ends one. */
const pathsIn = (page: string): string[] =>
  codeIn(page)
    .filter((text) => /^(?:provider|cli|components|scripts|test|docs)\//.test(text))
    .map((text) => text.replace(/<.*$/, ""));

/** Where the links of a page lead to inside the repository, as paths beside the page. */
const linksIn = (page: string): string[] =>
  [...page.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target.replace(/#.*$/, ""))
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));

const DECISIONS = "docs/decisions";
const RECORDS = readdirSync(join(REPOSITORY, DECISIONS)).filter((name) => /^\d{4}-/.test(name));
const PAGES = [
  "ARCHITECTURE.md",
  "SECURITY.md",
  ...readdirSync(join(REPOSITORY, DECISIONS)).map((name) => `${DECISIONS}/${name}`),
];

describe("the pages about the code", () => {
  for (const page of PAGES) {
    it(`${page} names only folders, files and pages that are there`, () => {
      const text = read(page);
      const missing = [
        ...pathsIn(text).filter((path) => !existsSync(join(REPOSITORY, path))),
        ...linksIn(text).filter((link) => !existsSync(join(REPOSITORY, dirname(page), link))),
      ];
      assert.deepEqual(missing, []);
    });
  }

  it("ARCHITECTURE.md has every room of provider/ in its picture, and no other", () => {
    const picture = /^```\n([^]*?)^```$/m.exec(read("ARCHITECTURE.md"))?.[1] ?? "";
    const drawn = [...picture.matchAll(/^ │ ([a-z]+)\/ /gm)].map(([, room = ""]) => room);
    const rooms = readdirSync(join(REPOSITORY, "provider"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const inside = drawn.filter((name) => name !== "components");
    assert.deepEqual([...inside, "pulumi"].sort(), rooms.sort());
  });

  it("ARCHITECTURE.md stays one page", () => assert.ok(read("ARCHITECTURE.md").split("\n").length <= 110));

  it("docs/decisions/README.md lists every record", () => {
    const listed = linksIn(read(`${DECISIONS}/README.md`));
    assert.deepEqual(listed.sort(), RECORDS.sort());
  });
});

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (...path: string[]): Manifest =>
  JSON.parse(readFileSync(join(REPOSITORY, ...path, "package.json"), "utf8")) as Manifest;

/** Every example that is an npm package; a script alone is none. */
const EXAMPLES = readdirSync(join(REPOSITORY, "examples")).filter((name) =>
  readdirSync(join(REPOSITORY, "examples", name)).includes("package.json"),
);

describe("the examples", () => {
  const tested = manifest().devDependencies ?? {};

  it("have the three that are programs", () => {
    for (const name of ["quickstart", "staged-release", "two-stacks"])
      assert.ok(EXAMPLES.includes(name), name);
  });

  for (const name of EXAMPLES) {
    it(`${name} takes this package from here, and of Pulumi what the tests run with`, () => {
      const { "pulumi-verified-images": own, ...others } = manifest("examples", name).dependencies ?? {};
      assert.equal(own, "file:../..");
      assert.ok("@pulumi/pulumi" in others);
      for (const [dependency, version] of Object.entries(others))
        assert.equal(version, tested[dependency], `${dependency} in examples/${name}`);
    });
  }
});

/** Lists the files of other packages that the root loads, beyond Pulumi's SDK, which every program has. */
const LOADED = `
require("@pulumi/pulumi");
const before = new Set(Object.keys(require.cache));
require("./index.ts");
const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
console.log(JSON.stringify({
  own: loaded.filter((file) => !file.includes("node_modules")).length,
  others: loaded.filter((file) => file.includes("node_modules")),
}));
`;

describe("the package's root", function () {
  this.timeout(30_000);

  it("loads no other package than Pulumi's SDK: all else waits until a function is called", async () => {
    const args = ["--require", "tsx/cjs", "-e", LOADED];
    const { code, stdout, stderr } = await runChild(process.execPath, args, { cwd: REPOSITORY });
    assert.equal(code, 0, stderr);
    const { own, others } = JSON.parse(stdout) as { own: number; others: string[] };
    assert.deepEqual(others, []);
    assert.ok(own > 10, stdout);
  });
});
