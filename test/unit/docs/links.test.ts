import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

const PROJECT = join(__dirname, "../../..");
const FENCED = /^(```|~~~)[\s\S]*?^\1/gm;
const LINK = /!?\[[^\]]*\]\(([^)\s]+)\)/g;

/** An anchor as GitHub makes it of a heading: lower case, no punctuation, `-` for spaces. */
function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  return text
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.replace(FENCED, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading)),
  );
}

async function pages(): Promise<string[]> {
  const docs = (await readdir(join(PROJECT, "docs"), { recursive: true })).map((name) => join("docs", name));
  const examples = (await readdir(join(PROJECT, "examples"))).map((name) =>
    join("examples", name, "README.md"),
  );
  const named = [...(await readdir(PROJECT)), ...docs, ...examples];
  return named.map((name) => join(PROJECT, name)).filter((file) => file.endsWith(".md") && existsSync(file));
}

/** What is wrong with a page's relative links. */
async function broken(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  const links = [...text.replace(FENCED, "").matchAll(LINK)].map(([, link = ""]) => link);
  const wrong = await Promise.all(
    links.map(async (link) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? file : resolve(dirname(file), path);
      if (!existsSync(target)) return [`${relative(PROJECT, file)}: ${link} leads to no file`];
      if (anchor === undefined || anchorsOf(await readFile(target, "utf8")).has(anchor)) return [];
      return [`${relative(PROJECT, file)}: ${link} leads to no heading of ${relative(PROJECT, target)}`];
    }),
  );
  return wrong.flat();
}

describe("the links of README and docs", () => {
  it("lead to files and headings that are there", async () => {
    const files = await pages();
    assert.ok(files.length > 10, `only ${files.length} pages were found`);
    assert.deepEqual((await Promise.all(files.map(broken))).flat(), []);
  });

  it("reach every page of docs from the README", async () => {
    const seen = new Set<string>();
    const open = [join(PROJECT, "README.md")];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file) || !file.endsWith(".md")) continue;
      seen.add(file);
      const text = (await readFile(file, "utf8")).replace(FENCED, "");
      for (const [, link = ""] of text.matchAll(LINK)) {
        if (!/^[a-z]+:/.test(link)) open.push(resolve(dirname(file), link.replace(/#.*/, "") || file));
      }
    }
    const docs = (await pages()).filter((file) => file.startsWith(join(PROJECT, "docs")));
    assert.deepEqual(
      docs.filter((file) => !seen.has(file)),
      [],
    );
  });
});
