import { isVerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { warningText } from "../../base/words/warning";
import { untagOwn } from "../../promote/apply/places";
import { removeOwn } from "../../promote/apply/sif-place";
import { realName } from "../../promote/sif/real-name";
import { askedOnce } from "../../promote/gate/asked-once";
import type { Places } from "../../promote/gate/candidate";
import { splitTargets } from "../../promote/gate/routes";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { RowLog } from "../host/row-log";
import { demandEngine, placesOf } from "./observe";
import { ownersOf } from "./owners";
import type { PromotionState } from "./state";
import {
  belongsToAnother,
  engineUnknown,
  ownerUnknown,
  removalFailed,
  stayInRegistry,
  wereThere,
} from "./words";

/** Whether the recorded promotion was made on the engine that is used now. */
export type Earlier = "here" | "elsewhere" | "can't tell";

/**
 * Whether the recorded promotion was made on the engine that is used now, or on another one. The same engine under another
 * name is "here". If the recorded engine can't be reached any more, the answer is "can't tell".
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
    await demandEngine(old, before, before.targets);
    return (await old.engine.identity()).id === now.id ? "here" : "elsewhere";
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return "can't tell";
  }
}

/** Removes the tags and files that an earlier update has set and that are no targets any more. */
export async function drop(
  { engine }: Places,
  targets: readonly string[],
  before: PromotionState,
  earlier: Earlier,
  log: RowLog,
): Promise<void> {
  const isGone = (target: string): boolean => !targets.includes(target);
  const { local: all, remote, files } = splitTargets(before.targets);
  const theirs = [...all, ...files].filter((target) => before.adopted.includes(target));
  const isOwn = (target: string): boolean => !theirs.includes(target);
  const local = all.filter(isOwn);
  logKeptTags(
    log,
    remote.filter(isGone),
    theirs.filter((target) => earlier !== "here" || isGone(target)),
  );
  // A file can have another name now, when a folder on its way is a link. It must not be removed by its old name.
  const now = new Set(await Promise.all(splitTargets(targets).files.map(realName)));
  const others: string[] = [];
  for (const file of files.filter(isGone).filter(isOwn))
    if (!now.has(await realName(file))) others.push(file);
  const goneFiles = await ownTargets(before, others, log);
  await removeOwn(before.imageId, goneFiles).catch((error: unknown) => {
    log.write("warning", warningText(removalFailed(goneFiles, messageOf(error))));
  });
  if (earlier === "can't tell") {
    const host = before.host ?? "the engine on record";
    if (local.length > 0) log.write("warning", warningText(engineUnknown(local, host)));
    return;
  }
  const dropped = earlier === "elsewhere" ? local : local.filter(isGone);
  const removable = await ownTargets(before, dropped, log);
  if (removable.length === 0) return;
  const there = earlier === "elsewhere" ? placesOf(before).engine : engine;
  // The new targets are in place, and that must not be undone because an old tag can't be removed.
  await untagOwn(there, before.imageId, removable).catch((error: unknown) => {
    log.write("warning", warningText(removalFailed(removable, messageOf(error))));
  });
}

/** The targets that no other resource has promoted to since. The others are logged: their tags stay. */
export async function ownTargets(
  state: PromotionState,
  targets: readonly string[],
  log: RowLog,
): Promise<string[]> {
  const { others, doubt } = await ownersOf(state, state.resourceUrn, state.root, targets);
  for (const [target, owner] of others) {
    log.write("warning", warningText(belongsToAnother(target, owner)));
  }
  if (doubt === null) return targets.filter((target) => !others.has(target));
  const kept = targets.filter((target) => !others.has(target));
  log.write("warning", warningText(ownerUnknown(kept, doubt)));
  return [];
}

/** Logs which tags are not removed: those in registries, and those that existed before the promotion. */
export function logKeptTags(log: RowLog, inRegistries: readonly string[], theirs: readonly string[]): void {
  if (inRegistries.length > 0) {
    log.write("warning", warningText(stayInRegistry(inRegistries)));
  }
  if (theirs.length > 0) log.write("info", wereThere(theirs));
}
