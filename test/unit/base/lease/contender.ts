/**
 * A program of its own: has the lease on the artifact `web` of the store in its first argument as often as its second one
 * says, and each time leaves it behind as if it had been killed. Exits with 1 when it ever was not alone.
 */
import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { artifactLease, withArtifact } from "../../../../provider/base/lease/artifact";
import { LeaseLostError } from "../../../../provider/base/lease/errors";
import { LEASE_TIMES } from "../../../../provider/base/lease/lease";
import { newLease } from "../../../../provider/base/lease/lease-file";

const [, , root = "", turns = "1"] = process.argv;
const times = { ...LEASE_TIMES, poll: 1 };
/** No process has it. */
const GONE = 2 ** 22 + 1;

async function turn(): Promise<void> {
  await withArtifact({ root, name: "web", note: () => undefined, times }, async () => {
    const alone = join(root, "alone");
    await (await open(alone, "wx")).close();
    await sleep(1);
    await rm(alone);
    await writeFile(artifactLease(root, "web"), JSON.stringify({ ...newLease(), pid: GONE }));
  }).catch((error: unknown) => {
    if (!(error instanceof LeaseLostError)) throw error;
  });
}

async function main(): Promise<void> {
  for (let left = Number(turns); left > 0; left--) await turn();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
