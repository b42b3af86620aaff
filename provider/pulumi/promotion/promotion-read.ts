import { isVerifiedImagesError } from "../../base/errors/base";
import { diffPromotion } from "./promotion-diff";
import { shortId } from "./promotion-words";
import type { Properties } from "../host/properties";
import { onRecordedEngine } from "./recorded-engine";
import { standingFacts, type Standing } from "./standing";
import { rowLog } from "../host/row-log";

/**
 * Refresh: targets that no longer point where the promotion put them leave the state; when all of them are surely
 * gone, so does the promotion. What can't be told leaves the state as it is, and is said.
 */
export async function readPromotion(
  id: string,
  props: Properties,
): Promise<{ id?: string; props?: Properties }> {
  const log = rowLog(props.resourceUrn);
  const targets = (props.targets as string[] | undefined) ?? [];
  let facts: Standing;
  try {
    await onRecordedEngine(props, targets);
    facts = await standingFacts(props, targets);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    const what = targets.join(", ");
    log.write("warning", `can't tell where ${what} is: ${error.message}; the state stays as it is`);
    await log.flush();
    return { id, props };
  }
  const words = diffPromotion(props, props, facts).drift;
  const gone = sourceGoneWords(props, facts);
  for (const drift of gone === null ? words : [...words, gone]) log.write("warning", `drift: ${drift}`);
  await log.flush();
  const isGone = targets.length > 0 && targets.every((target) => facts.targets[target] === null);
  const spent = (props.spentReasons as unknown[] | null | undefined) ?? [];
  // Forgotten, a reason that was spent could be spent once more.
  if (isGone && spent.length === 0) return {};
  const still = targets.filter((target) => isPromoted(props, facts.targets[target]));
  return { id, props: still.length === targets.length ? props : { ...props, targets: still } };
}

/** Whether a target stands for what was promoted: its image ID, or its digest in a registry. */
function isPromoted(state: Properties, at: string | null | undefined): boolean {
  return typeof at === "string" && [state.imageId, state.digest].includes(at);
}

/** What there is to say of a source that is gone, or null. */
export function sourceGoneWords(state: Properties, facts: Standing): string | null {
  if (!facts.sourceGone) return null;
  const promoted = String(state.imageId);
  const still = Object.keys(facts.targets).filter((target) => isPromoted(state, facts.targets[target]));
  const where = still.length === 0 ? "no target names" : `${still.join(", ")} still names`;
  return `source gone: ${String(state.source)} is no longer there; ${where} the ${shortId(promoted)} that was promoted from it`;
}
