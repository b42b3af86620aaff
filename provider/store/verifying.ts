import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { leaseSchema } from "../base/lease/lease-file";
import { liveness } from "../base/process/identity";
import type { BuildPaths } from "./paths";
import type { Background } from "./verified-state";
import { writeAtomic } from "./write";

const schema = leaseSchema.extend({
  /** Why nothing was proven, one sentence; null as long as nobody knows. */
  failed: z.string().nullable(),
});

/** Who verifies a build in the background, or did and proved nothing. */
export type Verifying = z.infer<typeof schema>;

/**
 * Milliseconds without a sign of life after which the process counts as gone, where nobody can tell from here. Too early
 * a verdict does no harm: whoever begins anew waits for the lease on the artifact, which is judged with more care.
 */
const SILENCE_MS = 120_000;

/** Says who verifies a build in the background now, in place of whoever did before. */
export async function writeVerifying(paths: BuildPaths, claim: Verifying): Promise<void> {
  await writeAtomic(paths.verifying, `${JSON.stringify(claim)}\n`);
}

/** Reads it; null when there is none, or none that can be understood. */
export async function readVerifying(paths: BuildPaths): Promise<Verifying | null> {
  try {
    return schema.parse(JSON.parse(await readFile(paths.verifying, "utf8")));
  } catch {
    return null;
  }
}

/** A build's verification log, relative to the store's root; POSIX. */
export function verifyLogOf({ directory, verifyLog }: Pick<BuildPaths, "directory" | "verifyLog">): string {
  return `${basename(directory)}/${basename(verifyLog)}`;
}

/** What is known of a build's verification in the background; null when none was begun, or it is over. */
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

/** What a verification in the background means for a build that has no verdict, in one sentence. */
export function backgroundReason({ phase, pid, host, since, log, failed }: Background): string {
  const where = `log: ${log} in the artifact store`;
  if (phase === "running") return `the locked rebuild runs in the background (${where})`;
  if (phase === "failed") return `the rebuild in the background proved nothing: ${failed ?? ""} (${where})`;
  return (
    `the rebuild in the background (process ${pid} on ${host}, since ${since}) ended without a verdict: ` +
    `it was killed, or its machine was restarted (${where})`
  );
}
