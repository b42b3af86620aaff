import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { leftovers, listOurs, type Inventory } from "./leftovers";

/**
 * `node --import tsx test/support/inventory.ts <file>`: writes what there is of ours to a file that is not there yet;
 * with one that is, prints what has come since and ends with 1 when there is any.
 */
async function main(file: string): Promise<number> {
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify(await listOurs()));
    return 0;
  }
  const left = await leftovers(JSON.parse(readFileSync(file, "utf8")) as Inventory);
  for (const line of left) console.log(line);
  return left.length === 0 ? 0 : 1;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("expected the name of a file");
main(file).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  },
);
