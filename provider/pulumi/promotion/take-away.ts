import { isVerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { untagOwn } from "../../promote/apply/places";
import { askedOnce } from "../../promote/gate/asked-once";
import type { Places } from "../../promote/gate/candidate";
import { splitTargets } from "../../promote/gate/routes";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { RowLog } from "../host/row-log";
import { demandEngine, placesOf } from "./observe";
import type { PromotionState } from "./state";
import { stayInRegistry, wereThere } from "./words";

/** Where the promotion on record was made, seen from here. */
export type Earlier = "here" | "elsewhere" | "can't tell";

/**
 * Whether the promotion on record was made on another engine; another name for the same one is none. Where the engine that
 * is on record can't be found any more, that can't be told of what is there.
 */
export async function whereEarlier(
  places: Places,
  plan: PromotionPlan,
  before: PromotionState | null,
): Promise<Earlier> {
  if (before === null || before.host === (plan.host ?? null)) return "here";
  if (splitTargets([...before.targets, ...plan.targets]).local.length === 0) return "here";
  const now = await places.engine.identity();
  if (before.engineId === now.id) return "here";
  const old = askedOnce(placesOf(before));
  try {
    await demandEngine(old, before.engineId, before.targets);
    return (await old.engine.identity()).id === now.id ? "here" : "elsewhere";
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return "can't tell";
  }
}

/** Takes away what an earlier update had tagged, and this one does not name any more. */
export async function drop(
  { engine }: Places,
  targets: readonly string[],
  before: PromotionState,
  earlier: Earlier,
  log: RowLog,
): Promise<void> {
  const isGone = (target: string): boolean => !targets.includes(target);
  const { local: all, remote } = splitTargets(before.targets);
  const theirs = all.filter((target) => before.adopted.includes(target));
  const local = all.filter((target) => !theirs.includes(target));
  sayThatTheyStay(
    log,
    remote.filter(isGone),
    theirs.filter((target) => earlier !== "here" || isGone(target)),
  );
  if (earlier === "can't tell") {
    const words = `${before.host ?? "the engine on record"} does not say which engine it is`;
    if (local.length > 0)
      log.write("warning", `${words}: ${local.join(", ")} stays there as it is, if that is another one`);
    return;
  }
  const dropped = earlier === "elsewhere" ? local : local.filter(isGone);
  if (dropped.length === 0) return;
  const there = earlier === "elsewhere" ? placesOf(before).engine : engine;
  // The new targets are in place: what is left of the old ones must not make that undone.
  await untagOwn(there, before.imageId, dropped).catch((error: unknown) => {
    log.write("warning", `${dropped.join(", ")} could not be removed: ${messageOf(error)}`);
  });
}

/** Says which tags no promotion takes away: those in registries, and those that were there before it. */
export function sayThatTheyStay(
  log: RowLog,
  inRegistries: readonly string[],
  theirs: readonly string[],
): void {
  if (inRegistries.length > 0) log.write("warning", stayInRegistry(inRegistries));
  if (theirs.length > 0) log.write("info", wereThere(theirs));
}
