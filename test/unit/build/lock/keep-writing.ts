import { readFileSync } from "node:fs";
import { lockHash } from "../../../../provider/packages/lock/canonical";
import { parseLock } from "../../../../provider/packages/lock/parse";
import { writeCommittedLock } from "../../../../provider/build/lock/write-lock";

/** `node --import tsx keep-writing.ts <file> <lock> <lock>`: writes one and the other lock to the file, for ever. */
async function main([file = "", ...locks]: string[]): Promise<void> {
  const [first = "", second = ""] = locks.map((path) => readFileSync(path, "utf8"));
  for (let [next, other] = [first, second]; ; [next, other] = [other, next]) {
    const there = readFileSync(file, "utf8");
    if (await writeCommittedLock(file, parseLock(next), lockHash(there))) process.stdout.write(".");
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
