/**
 * A program of its own: appends as many receipts to the store in its first argument as its second one says, once as many
 * such programs have come as the third one says.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { appendReceipt, HISTORY_TIMES } from "../../../../provider/promote/receipts/append";
import { factsWith } from "./facts";

const [, , root = "", count = "1", together = "1"] = process.argv;

async function main(): Promise<void> {
  const present = `${root}-present`;
  mkdirSync(present, { recursive: true });
  writeFileSync(`${present}/${process.pid}`, "");
  while (readdirSync(present).length < Number(together)) await sleep(10);
  for (let left = Number(count); left > 0; left--) {
    await appendReceipt(root, factsWith({ source: `${process.pid}:${left}` }));
    // Longer than anybody waits between two looks: the others have their turn.
    await sleep(2 * HISTORY_TIMES.poll);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
