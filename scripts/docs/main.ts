/** `npm run docs:tables`: writes the tables of docs/reference that are made from the code. */
import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { pagesWith } from "./pages";
import { makeTables } from "./tables";

async function main(): Promise<void> {
  const stale = (await pagesWith(makeTables())).filter(({ before, after }) => before !== after);
  for (const { file, after } of stale) await writeFile(file, after);
  console.log(
    stale.length === 0
      ? "docs/reference is as the code says"
      : `wrote ${stale.map(({ file }) => relative("", file)).join(", ")}`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
