import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { leaseSchema } from "../base/lease/lease-file";
import { liveness } from "../base/process/identity";
import type { BuildPaths } from "./paths";
import type { Background } from "./verified-state";
import { writeAtomic } from "./write";

const schema = leaseSchema.extend({
  /** Why the verification proved nothing, in a sentence; null as long as it has not failed. */
  failed: z.string().nullable(),
});

/** Which process verifies a build in the background, or did and proved nothing. */
export type Verifying = z.infer<typeof schema>;

/**
 * If it can't be seen from here whether the process runs, it counts as gone after so many milliseconds without a sign
 * of life. It does no harm if that is too early: a new verification waits for the lease on the artifact, which is
 * judged more strictly.
 */
const SILENCE_MS = 120_000;

/** Writes which process verifies a build in the background from now on. */
export async function writeVerifying(paths: BuildPaths, claim: Verifying): Promise<void> {
  await writeAtomic(paths.verifying, `${JSON.stringify(claim)}\n`);
}

/** Reads which process verifies a build in the background. Null when there is none, or the file can't be understood. */
export async function readVerifying(paths: BuildPaths): Promise<Verifying | null> {
  try {
    return schema.parse(JSON.parse(await readFile(paths.verifying, "utf8")));
  } catch {
    return null;
  }
}

/** A build's verification log, relative to the store's root, with `/` between folders. */
export function verifyLogOf({ directory, verifyLog }: Pick<BuildPaths, "directory" | "verifyLog">): string {
  return `${basename(directory)}/${basename(verifyLog)}`;
}

/**
 * What is known about a build's verification in the background. Null when none was begun, or it has ended with a
 * verdict.
 */
export async function readBackground(paths: BuildPaths, now: Date = new Date()): Promise<Background | null> {
  const claim = await readVerifying(paths);
  if (claim === null) return null;
  const { pid, host, since, failed } = claim;
  const facts = { pid, host, since, log: verifyLogOf(paths), failed };
  if (failed !== null) return { phase: "failed", ...facts };
  const state = liveness(claim);
  const isGone = state === "gone" || (state === "unknown" && (await isSilent(paths.verifying, now)));
  return { phase: isGone ? "dead" : "running", ...facts };
}

async function isSilent(file: string, now: Date): Promise<boolean> {
  const facts = await stat(file).catch(() => null);
  return facts !== null && Math.abs(now.getTime() - facts.mtimeMs) > SILENCE_MS;
}

/** Says in one sentence what a verification in the background means for a build that has no verdict. */
export function backgroundReason({ phase, pid, host, since, log, failed }: Background): string {
  const where = `log: ${log} in the artifact store`;
  if (phase === "running") return `the locked rebuild runs in the background (${where})`;
  if (phase === "failed") return `the rebuild in the background proved nothing: ${failed ?? ""} (${where})`;
  return (
    `the rebuild in the background (process ${pid} on ${host}, since ${since}) ended without a verdict: ` +
    `it was killed, or its machine was restarted (${where})`
  );
}
