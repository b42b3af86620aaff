/** `npm run docs:tables`: writes what is made from the code: types from schemas, and the tables of docs/reference. */
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { typePages } from "./types";
import { pagesWith, type Page } from "./pages";
import { makeTables } from "./tables";

async function main(): Promise<void> {
  const stale: Page[] = [];
  // The tables are about the types, so these come first.
  for (const pages of [typePages, () => pagesWith(makeTables())]) {
    for (const page of await pages()) {
      if (page.before === page.after) continue;
      await writeFile(page.file, page.after);
      stale.push(page);
    }
  }
  console.log(
    stale.length === 0
      ? "types and docs/reference are as the code says"
      : `wrote ${stale.map(({ file }) => relative("", file)).join(", ")}`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
