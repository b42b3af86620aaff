import type { Engine } from "../../engines/engine";
import type { BuildPlan } from "../../inputs/image-inputs";
import { namedImages } from "../../promote/receipts/named";
import { readHistory } from "../../promote/receipts/read-history";
import { setKept } from "../../store/keep";
import { buildPaths } from "../../store/paths";
import { pruneBuilds } from "../../store/prune";
import { readRecord } from "../../store/record";
import type { Effects } from "./effects";
import type { CurrentBuild } from "./reuse";
import { messageOf } from "../../base/errors/message";

/**
 * Applies the inputs `keep` and `retain`: first it marks the current build to be kept, then it prunes old builds. A failure
 * is a warning; the build itself is not affected.
 */
export async function keepAndPrune(effects: Effects, plan: BuildPlan, current: CurrentBuild): Promise<void> {
  try {
    if (plan.keep) await setKept(current.paths, true);
    await pruneStore(effects.engine, plan);
  } catch (error) {
    const detail = messageOf(error);
    effects.warn(`old builds could not be pruned: ${detail}`);
  }
}

/**
 * Prunes old builds, except those whose image has another tag, whose image a receipt names as a target's present or
 * earlier one, or that another engine built (it can't be checked here whether their image is in use). The caller must
 * have the lease on the artifact.
 *
 * @returns the timestamps of the builds that were pruned
 */
export async function pruneStore(
  engine: Engine,
  plan: Pick<BuildPlan, "root" | "name" | "retain">,
): Promise<string[]> {
  const identity = await engine.identity();
  const promoted = namedImages(await readHistory(plan.root));
  return await pruneBuilds(plan.root, plan.name, plan.retain, async (reference) => {
    const timestamp = reference.slice(reference.lastIndexOf(":") + 1);
    const record = await readRecord(buildPaths(plan.root, plan.name, timestamp).record);
    if (record !== null && record.engine.id !== identity.id) return false;
    if (record !== null && promoted.has(record.imageId)) return false;
    // Ask by ID too: the image may have lost this name and still have the tag of a promotion.
    const id = record?.imageId ?? reference;
    const found = await engine.inspect([reference, id]);
    const tags = [...found.values()].flatMap((facts) => facts?.tags ?? []);
    if (tags.some((tag) => tag !== reference)) return false;
    if ((found.get(reference) ?? null) === null) return true;
    return await engine.remove(reference).then(
      () => true,
      () => false,
    );
  });
}
