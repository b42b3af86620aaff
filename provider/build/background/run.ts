import { hideCredentials } from "../../base/words/credentials";
import { visibleLines } from "../../base/words/visible";
import { messageOf } from "../../base/errors/message";
import { consoleEffects, engineAt } from "../functions/effects";
import { planOfRecord, rebuildWith } from "../functions/verify-round-trip";
import { withArtifact } from "../../base/lease/artifact";
import { LeaseLostError } from "../../base/lease/errors";
import { keepAlive, LEASE_TIMES } from "../../base/lease/lease";
import { inSeat } from "../../base/lease/seat";
import { interruptible } from "../../base/process/interruptible";
import { sweepTemporary } from "../../base/process/temporary";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { Effects } from "../roundtrip/effects";
import type { RebuildResult } from "../roundtrip/rebuild";
import { sentence } from "../roundtrip/sentence";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { readRecord, type BuildRecord } from "../../store/record";
import { readVerifying, writeVerifying } from "../../store/verifying";
import type { JobWords } from "./job";

/** Other builds may use the artifact for hours before this process gets its turn, and no user waits for it. */
const PATIENCE = { ...LEASE_TIMES, limit: 24 * 3_600_000 };

type Job = JobWords;

/**
 * Rebuilds a build, compares and writes the mark. First it waits for a seat among the store's verifications, then for the
 * lease on the artifact. In this order a process that waits for a seat blocks no build.
 *
 * Until it has the lease, other processes may change the artifact. So it checks then that the build's claim still has its
 * token, and does nothing otherwise.
 *
 * @returns true: there is a verdict, or none is needed any more
 */
export async function runVerification(job: Job): Promise<boolean> {
  const log = (words: string): void => console.error(visibleLines(hideCredentials(`${job.name}: ${words}`)));
  const paths = buildPaths(job.root, job.name, job.timestamp);
  const { token } = job;
  try {
    return await interruptible(async (ended) => {
      // Shows others that this process lives, and ends its wait at once when the claim is removed or taken over.
      const claim = keepAlive(
        paths.verifying,
        token,
        LEASE_TIMES.beat,
        (other) => new LeaseLostError(`the verification of ${job.name}`, paths.verifying, other),
      );
      const signal = AbortSignal.any([ended, claim.lost]);
      try {
        return await inSeat({ root: job.root, limit: job.limit, signal, note: log }, (inTime) =>
          // Waiting is not logged here: the log may be in use by the process that is waited for.
          withArtifact({ ...job, signal: inTime, note: () => undefined, times: PATIENCE }, (artifact) =>
            verify(job, artifact.signal, log),
          ),
        );
      } catch (error) {
        if (claim.lost.aborted) {
          log("nothing left to do: the build was verified otherwise, or is gone");
          return true;
        }
        if (ended.aborted) log(messageOf(ended.reason));
        else await recordFailure(job, error);
        throw error;
      } finally {
        await claim.stop();
      }
    });
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(visibleLines(hideCredentials(detail)));
    return false;
  }
}

async function verify(job: Job, signal: AbortSignal, log: (words: string) => void): Promise<boolean> {
  const { root, name, timestamp, token } = job;
  const paths = buildPaths(root, name, timestamp);
  const isOurs = (await readVerifying(paths))?.token === token;
  const record = isOurs ? await readRecord(paths.record) : null;
  if (record === null) {
    log("nothing left to do: the build was verified otherwise, or is gone");
    return true;
  }
  const directory = process.cwd();
  const plan = planOfRecord(record, root, directory);
  const effects = consoleEffects(engineAt(plan.host, plan.timeouts.inspect, plan.builder), name, 1, signal);
  try {
    await sweepTemporary();
    const { identical, summary } = await rebuildSwept(effects, plan, record, paths);
    log(`${record.reference} is ${identical ? "verified" : "unverified"}: ${summary}`);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    await recordFailure(job, error, [plan.root, plan.context]);
    log(`nothing could be proven: ${messageOf(error)}`);
    return false;
  }
}

/** Rebuilds, with what crashed builds have left on the engine removed before. */
async function rebuildSwept(
  effects: Effects,
  plan: BuildPlan,
  record: BuildRecord,
  paths: BuildPaths,
): Promise<RebuildResult> {
  if (plan.engine === "apptainer") return await rebuildWith(effects, plan, record, paths);
  await effects.engine.sweep();
  return await effects.engine.during((engine) => rebuildWith({ ...effects, engine }, plan, record, paths));
}

/** Writes into the claim that this process has ended without a verdict, and why; unless another process has the claim. */
async function recordFailure(job: Job, error: unknown, folders: readonly string[] = []): Promise<void> {
  const paths = buildPaths(job.root, job.name, job.timestamp);
  const claim = await readVerifying(paths);
  if (claim?.token !== job.token) return;
  const failed = sentence(error, process.cwd(), [job.root, ...folders]);
  // If this can't be written either, readers take the process for one that was killed.
  await writeVerifying(paths, { ...claim, failed }).catch(() => undefined);
}
