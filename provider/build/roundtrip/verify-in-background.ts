import { newLease, newToken } from "../../base/lease/lease-file";
import { identityOf } from "../../base/process/identity";
import type { BuildPlan } from "../../inputs/image-inputs";
import { clearMarks } from "../../store/mark";
import { noDrift, readVerification } from "../../store/verification";
import type { Verification } from "../../store/verified-state";
import { writeVerifying } from "../../store/verifying";
import { emptyLog } from "../../store/write";
import type { Effects } from "./effects";
import { valuesOf } from "./hidden-inputs";
import type { CurrentBuild } from "./reuse";
import { sentence } from "./sentence";

/**
 * Starts a verification that outlives this process, unless one is running already. The caller has the lease on the
 * artifact, and the new process waits until it is released. By then the build's claim has the new process's token. If this
 * process is killed before it writes the claim, the new process finds no claim and ends without doing anything.
 *
 * @returns the state `unknown`, with a reason
 */
export async function verifyInBackground(
  effects: Pick<Effects, "signal" | "detach" | "concurrency" | "note" | "now">,
  plan: BuildPlan,
  { paths, record }: CurrentBuild,
  directory: string,
): Promise<Verification> {
  const known = await readVerification(paths, record.imageId);
  if (known.background?.phase === "running") return known;
  effects.signal?.throwIfAborted();
  try {
    await clearMarks(paths);
    await emptyLog(paths.verifyLog);
    const token = newToken();
    const pid = await effects.detach({
      root: plan.root,
      name: plan.name,
      timestamp: record.timestamp,
      token,
      limit: effects.concurrency,
      directory,
      logFile: paths.verifyLog,
      variables: Object.values(plan.secrets).flatMap((from) => ("env" in from ? [from.env] : [])),
      values: valuesOf(plan),
    });
    await writeVerifying(paths, { ...newLease(effects.now(), identityOf(pid), token), failed: null });
    effects.note(plan.name, `verifying in the background (process ${pid})`);
  } catch (error) {
    return {
      state: "unknown",
      drift: noDrift(),
      reason: `not verified: ${sentence(error, directory, [plan.root])}`,
    };
  }
  return await readVerification(paths, record.imageId);
}
