import { messageOf } from "../../base/errors/message";
import { warningText } from "../../base/words/warning";
import type { BuildPlan } from "../../inputs/image-inputs";
import { namedImages } from "../../promote/receipts/named";
import { readHistory } from "../../promote/receipts/read-history";
import { moveHold } from "../../store/holders";
import { setKept } from "../../store/keep";
import { buildPaths } from "../../store/paths";
import { pruneBuilds } from "../../store/prune";
import { readRecord } from "../../store/record";
import type { CurrentBuild } from "../roundtrip/reuse";
import type { SifEffects } from "./effects";

/**
 * Writes down whose state has the current build, then applies `keep` and `retain`. A build that a receipt names, or that a
 * state holds, stays. A failure is a warning; the build itself is not affected.
 */
export async function keepAndPruneSifs(
  effects: SifEffects,
  plan: BuildPlan,
  current: CurrentBuild,
): Promise<void> {
  const { root, name, retain, keep } = plan;
  try {
    const { holder } = effects;
    if (holder !== undefined) {
      await moveHold(root, name, holder.urn, { before: holder.before, now: current.record.timestamp });
    }
    if (keep) await setKept(current.paths, true);
    const promoted = namedImages(await readHistory(root));
    await pruneBuilds(root, name, retain, async (reference) => {
      const timestamp = reference.slice(reference.lastIndexOf(":") + 1);
      const record = await readRecord(buildPaths(root, name, timestamp).record);
      return record === null || (record.heldBy === undefined && !promoted.has(record.imageId));
    });
  } catch (error) {
    effects.warn(
      warningText({
        what: `old builds could not be pruned: ${messageOf(error)}`,
        why: "The new build is as it should be.",
        todo: "The next build tries again.",
      }),
    );
  }
}
