import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { REPOSITORY } from "../support/pulumi-project";

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

  it("ARCHITECTURE.md stays one page", () => {
    assert.ok(read("ARCHITECTURE.md").split("\n").length <= 110);
  });

  it("docs/decisions/README.md lists every record", () => {
    const listed = linksIn(read(`${DECISIONS}/README.md`));
    assert.deepEqual(listed.sort(), RECORDS.sort());
  });
});
