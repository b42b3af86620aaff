import { commonRevision } from "../../promote/gate/candidate";
import { platformsOf } from "../../promote/gate/examine";
import type { Rollout } from "../../promote/gate/rollout";
import { rolloutApplies } from "../../promote/gate/rollout-applies";
import { describeSif } from "../../promote/sif/describe";
import { isPath } from "../../base/reference/sif-path";
import { revisionIn } from "../../base/revision/verdict";
import { validatedRevision } from "../../base/git/revision";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../../inputs/timeouts";
import { engineAt } from "./effects";

/** See `expectedRevision` in on-call.ts. */
export async function expectedRevision(
  worktree: string,
  rollout: Rollout & { repository?: string | null },
): Promise<string> {
  return (await applies(rollout)) ? await validatedRevision(worktree) : "";
}

async function applies(rollout: Rollout & { repository?: string | null }): Promise<boolean> {
  try {
    return await rolloutApplies(rollout.repository ?? rollout.selfRepository ?? "", rollout);
  } catch {
    return false;
  }
}

/** See `imageRevision` in on-call.ts. */
export async function imageRevision(
  image: string,
  options: { host?: string; timeouts?: Partial<Timeouts> } = {},
): Promise<string> {
  try {
    if (isPath(image)) return revisionIn((await describeSif(image))?.labels ?? {});
    const engine = engineAt(options.host, options.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect);
    const facts = (await engine.inspect([image])).get(image) ?? null;
    if (facts === null) return "";
    const all = await platformsOf(engine, facts);
    const label = commonRevision(all.map(({ labels }) => labels)) ?? "";
    return label === "<no value>" ? "" : label;
  } catch {
    return "";
  }
}
