import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { lockJsonSchema } from "../../provider/packages/lock/json-schema";
import { PROJECT } from "../setup/project.mjs";
import { readTypes } from "./described";

const REFERENCE = join(PROJECT, "docs/reference");
const MARKED = /(<!-- table: (\S+) -->)[\s\S]*?(<!-- end of table -->)/g;
/** The types that are made from schemas: the declarations of a schema would need zod's, which not every project compiles. */
const TYPES = { ImageInputs: "inputs/image-inputs", PromotionInputs: "promote/inputs/promotion-inputs" };

/** A file that is made from the code, or in part: as it is, and as it has to be. */
export interface Page {
  file: string;
  before: string;
  after: string;
}

async function page(file: string, before: string, parser: string, made: string): Promise<Page> {
  return { file, before, after: await format(made, { ...(await resolveConfig(file)), parser }) };
}

/** The files with types that are made from schemas, and the schema of locks. */
export async function typePages(): Promise<Page[]> {
  const typeOf = readTypes();
  const pages = Object.entries(TYPES).map(async ([name, path]) => {
    const { text, properties } = typeOf(`provider/${path}.ts`, `Given${name}`);
    const lines = properties.map(({ name, optional, type, text, fallback }) => {
      const tag = fallback === "" ? "" : ` @defaultValue ${fallback}`;
      return `/** ${text}${tag} */\n${name}${optional ? "?" : ""}: ${type};`;
    });
    const source = path.replace(/.*\//, "");
    const head = `// Made from ${source}.ts by \`npm run docs:tables\`; change it there.\n/** ${text} */`;
    const file = join(PROJECT, `provider/${path}.generated.ts`);
    const before = await readFile(file, "utf8").catch(() => "");
    return page(file, before, "typescript", `${head}\nexport type ${name} = {\n${lines.join("\n")}\n};\n`);
  });
  const schema = join(PROJECT, "schemas/lock.schema.json");
  const before = await readFile(schema, "utf8").catch(() => "");
  return Promise.all([...pages, page(schema, before, "json", lockJsonSchema())]);
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
    pages.push(await page(file, before, "markdown", text));
  }
  if (unused.size > 0) throw new Error(`no page of docs/reference has the tables ${[...unused].join(", ")}`);
  return pages;
}
