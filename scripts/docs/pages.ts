import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";

const REFERENCE = join(__dirname, "../../docs/reference");
const MARKED = /(<!-- table: (\S+) -->)[\s\S]*?(<!-- end of table -->)/g;

/** A page of the reference: as it is, and as it has to be. */
export interface Page {
  file: string;
  before: string;
  after: string;
}

/**
 * The pages of the reference with every marked table made anew.
 *
 * @throws {Error} when a page asks for a table that nobody makes, or when a table stands in no page
 */
export async function pagesWith(tables: ReadonlyMap<string, string>): Promise<Page[]> {
  const unused = new Set(tables.keys());
  const pages: Page[] = [];
  for (const name of (await readdir(REFERENCE)).sort()) {
    const file = join(REFERENCE, name);
    const before = await readFile(file, "utf8");
    const text = before.replace(MARKED, (_, start: string, asked: string, end: string) => {
      const made = tables.get(asked);
      if (made === undefined) throw new Error(`${file} asks for a table ${asked}, which no code makes`);
      unused.delete(asked);
      return `${start}\n\n${made}\n\n${end}`;
    });
    const settings = await resolveConfig(file);
    pages.push({ file, before, after: await format(text, { ...settings, parser: "markdown" }) });
  }
  if (unused.size > 0) throw new Error(`no page of docs/reference has the tables ${[...unused].join(", ")}`);
  return pages;
}
