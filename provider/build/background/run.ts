import { messageOf } from "../../base/errors/message";
import { consoleEffects, engineAt } from "../functions/effects";
import { planOfRecord } from "../functions/verify-round-trip";
import { withArtifact } from "../../base/lease/artifact";
import { LeaseLostError } from "../../base/lease/errors";
import { keepAlive, LEASE_TIMES } from "../../base/lease/lease";
import { inSeat } from "../../base/lease/seat";
import { interruptible } from "../../base/process/interruptible";
import { sweepTemporary } from "../../base/process/temporary";
import { rebuildAndCompare } from "../roundtrip/rebuild";
import { sentence } from "../roundtrip/sentence";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import { readVerifying, writeVerifying } from "../../store/verifying";
import type { BackgroundJob } from "./job";

/** An artifact may be in use for as long as many builds take; nobody waits for this process. */
const PATIENCE = { ...LEASE_TIMES, limit: 24 * 3_600_000 };

type Job = Omit<BackgroundJob, "directory" | "logFile">;

/**
 * Rebuilds a build, compares and marks, in a process that is there for nothing else. First a seat among the
 * store's verifications, then the lease on the artifact: whoever waits for a seat keeps nobody from building.
 *
 * Between its start and its lease anything may happen to the artifact. That does no harm: the process does nothing
 * unless the build's claim still has its token by then, and what it rebuilds and marks is that very build.
 *
 * @returns whether there is a verdict, or none was due any more
 */
export async function runVerification(job: Job): Promise<boolean> {
  const say = (words: string): void => console.error(`${job.name}: ${words}`);
  const paths = buildPaths(job.root, job.name, job.timestamp);
  const { token } = job;
  try {
    return await interruptible(async (ended) => {
      // A claim that is gone or another's ends a wait at once; it also shows that this process lives.
      const claim = keepAlive(
        paths.verifying,
        token,
        LEASE_TIMES.beat,
        (other) => new LeaseLostError(`the verification of ${job.name}`, paths.verifying, other),
      );
      const signal = AbortSignal.any([ended, claim.lost]);
      try {
        return await inSeat({ root: job.root, limit: job.limit, signal, note: say }, (inTime) =>
          // The log may be that of the one it waits for, which reads it.
          withArtifact({ ...job, signal: inTime, note: () => undefined, times: PATIENCE }, (artifact) =>
            verify(job, artifact.signal, say),
          ),
        );
      } catch (error) {
        if (claim.lost.aborted) {
          say("nothing left to do: the build was verified otherwise, or is gone");
          return true;
        }
        if (ended.aborted) say(messageOf(ended.reason));
        else await proveNothing(job, error);
        throw error;
      } finally {
        await claim.stop();
      }
    });
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    return false;
  }
}

async function verify(job: Job, signal: AbortSignal, say: (words: string) => void): Promise<boolean> {
  const { root, name, timestamp, token } = job;
  const paths = buildPaths(root, name, timestamp);
  const isOurs = (await readVerifying(paths))?.token === token;
  const record = isOurs ? await readRecord(paths.record) : null;
  if (record === null) {
    say("nothing left to do: the build was verified otherwise, or is gone");
    return true;
  }
  const directory = process.cwd();
  const plan = planOfRecord(record, root, directory);
  const effects = consoleEffects(engineAt(plan.host, plan.timeouts.inspect), name, 1, signal);
  try {
    await effects.engine.sweep();
    await sweepTemporary();
    const { identical, summary } = await effects.engine.during((engine) =>
      rebuildAndCompare({ ...effects, engine }, plan, record, paths),
    );
    say(`${record.reference} is ${identical ? "verified" : "unverified"}: ${summary}`);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    await proveNothing(job, error, [plan.root, plan.context]);
    say(`nothing could be proven: ${messageOf(error)}`);
    return false;
  }
}

/** Says in the claim that it is over, and why there is no verdict; unless somebody else has the claim by now. */
async function proveNothing(job: Job, error: unknown, folders: readonly string[] = []): Promise<void> {
  const paths = buildPaths(job.root, job.name, job.timestamp);
  const claim = await readVerifying(paths);
  if (claim?.token !== job.token) return;
  const failed = sentence(error, process.cwd(), [job.root, ...folders]);
  // What can't be written either reads as a process that is gone.
  await writeVerifying(paths, { ...claim, failed }).catch(() => undefined);
}
