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
 * Keeps the store as the inputs want it: the current build marked to be kept, and old builds gone.
 * First keep, then prune. What can't be tidied is said, and changes nothing about the build.
 */
export async function keepHouse(effects: Effects, plan: BuildPlan, current: CurrentBuild): Promise<void> {
  try {
    if (plan.keep) await setKept(current.paths, true);
    await pruneStore(effects.engine, plan);
  } catch (error) {
    const detail = messageOf(error);
    effects.warn(`old builds could not be tidied away: ${detail}`);
  }
}

/**
 * Old builds go, unless something else names their image, or a receipt has it as what a target names or named
 * before, or it was built on another engine than this one: then nobody here can tell whether it is still in use. The
 * caller has the lease on the artifact.
 *
 * @returns the timestamps that went
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
    // By its ID too: an image that has lost this name may still be the one that a promotion names.
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
