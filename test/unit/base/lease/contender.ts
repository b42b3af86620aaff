/**
 * A program of its own: holds the artifact `web` of the store in its first argument as often as its second one says,
 * and each time leaves the hold behind as if it had been killed. Exits with 1 when it ever was not alone.
 */
import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HoldLostError } from "../../../../provider/base/lease/errors";
import { holdFile, holdArtifact } from "../../../../provider/base/lease/hold-artifact";
import { thisHolder } from "../../../../provider/base/lease/holder";
import { HOLD_TIMES } from "../../../../provider/base/lease/times";

const [, , root = "", turns = "1"] = process.argv;
const times = { ...HOLD_TIMES, poll: 1 };
/** No process has it. */
const GONE = 2 ** 22 + 1;

async function turn(): Promise<void> {
  await holdArtifact({ root, name: "web", note: () => undefined, times }, async () => {
    const alone = join(root, "alone");
    await (await open(alone, "wx")).close();
    await sleep(1);
    await rm(alone);
    const dead = { ...(await thisHolder(new Date())), pid: GONE };
    await writeFile(holdFile(root, "web"), JSON.stringify(dead));
  }).catch((error: unknown) => {
    if (!(error instanceof HoldLostError)) throw error;
  });
}

async function main(): Promise<void> {
  for (let left = Number(turns); left > 0; left--) await turn();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
