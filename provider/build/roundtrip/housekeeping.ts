import { absenceDoubt } from "../../engines/absence";
import type { Engine, EngineIdentity } from "../../engines/engine";
import type { BuildPlan } from "../../inputs/image-inputs";
import { namedImages } from "../../promote/receipts/named";
import { readHistory } from "../../promote/receipts/read-history";
import { moveHold } from "../../store/holders";
import { setKept } from "../../store/keep";
import { buildPaths } from "../../store/paths";
import { pruneBuilds } from "../../store/prune";
import { readRecord, type BuildRecord } from "../../store/record";
import type { Effects } from "./effects";
import type { CurrentBuild } from "./reuse";
import { messageOf } from "../../base/errors/message";
import { warningText } from "../../base/words/warning";

type Housekeeping = Pick<Effects, "holder" | "warn"> & {
  /** null: what the store has of Docker stays, because Docker is not asked. */
  engine: Engine | null;
};

/**
 * Writes down whose state has the current build, then applies the inputs `keep` and `retain`: it marks the current build to
 * be kept, and prunes old builds. A failure is a warning; the build itself is not affected.
 */
export async function keepAndPrune(
  { engine, holder, warn }: Housekeeping,
  plan: BuildPlan,
  current: CurrentBuild,
): Promise<void> {
  try {
    if (holder !== undefined) {
      const held = { before: holder.before, now: current.record.timestamp };
      await moveHold(plan.root, plan.name, holder.urn, held);
    }
    if (plan.keep) await setKept(current.paths, true);
    await pruneStore(engine, plan);
  } catch (error) {
    warn(
      warningText({
        what: `old builds could not be pruned: ${messageOf(error)}`,
        why: "The new build is as it should be.",
        todo: `The next build tries again, and so does \`verified-images prune ${plan.name}\`.`,
      }),
    );
  }
}

/**
 * Prunes old builds, except those whose image a receipt names as a target's present or earlier one, or that a Pulumi state
 * holds; and of Docker's those whose image has another tag, or that another engine built (it can't be checked here whether
 * their image is in use). The caller must have the lease on the artifact.
 *
 * @param engine asked only if a build of Docker is to go; null: none of them goes
 * @returns the timestamps of the builds that were pruned
 * @throws {EngineUnreachableError} when Docker has to be asked, and does not answer
 */
export async function pruneStore(
  engine: Engine | null,
  plan: Pick<BuildPlan, "root" | "name" | "retain">,
): Promise<string[]> {
  let asked: Promise<EngineIdentity> | undefined;
  const promoted = namedImages(await readHistory(plan.root));
  return await pruneBuilds(plan.root, plan.name, plan.retain, async (reference) => {
    const timestamp = reference.slice(reference.lastIndexOf(":") + 1);
    const record = await readRecord(buildPaths(plan.root, plan.name, timestamp).record);
    if (record !== null && [record.imageId, record.configDigest ?? ""].some((id) => promoted.has(id)))
      return false;
    // Such an image is a file in the store, which goes with the build.
    if (record?.engine.kind === "apptainer") return record.heldBy === undefined;
    if (engine === null) return false;
    asked ??= engine.identity();
    return await removeFromDocker(engine, await asked, reference, record);
  });
}

/** Removes an image that nothing else uses. False: it stays. */
async function removeFromDocker(
  engine: Engine,
  identity: EngineIdentity,
  reference: string,
  record: BuildRecord | null,
): Promise<boolean> {
  if (record !== null && record.engine.id !== identity.id) return false;
  // Ask by ID too: the image may have lost this name and still have the tag of a promotion.
  const id = record?.imageId ?? reference;
  const found = await engine.inspect([reference, id]);
  const tags = [...found.values()].flatMap((facts) => facts?.tags ?? []);
  if (tags.some((tag) => tag !== reference)) return false;
  const isThere = [...found.values()].some((facts) => facts !== null);
  if (isThere && record?.heldBy !== undefined) return false;
  // A clone of this machine may have the image, and so may another image store of this engine.
  if (!isThere && record !== null && absenceDoubt(record.engine, identity) !== null) return false;
  if ((found.get(reference) ?? null) === null) return true;
  return await engine.remove(reference).then(
    () => true,
    () => false,
  );
}
