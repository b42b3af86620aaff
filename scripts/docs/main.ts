/** `npm run docs:tables`: writes what is made from the code: types from schemas, and the tables of docs/reference. */
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { pagesWith, typePages } from "./pages";
import { makeTables } from "./tables";

async function main(): Promise<void> {
  const written: string[] = [];
  // The tables are about the types, so these come first.
  for (const pages of [typePages, () => pagesWith(makeTables())])
    for (const { file, before, after } of await pages()) {
      if (before === after) continue;
      await writeFile(file, after);
      written.push(relative("", file));
    }
  const nothing = "types and docs/reference are as the code says";
  console.log(written.length === 0 ? nothing : `wrote ${written.join(", ")}`);
}

void main();
