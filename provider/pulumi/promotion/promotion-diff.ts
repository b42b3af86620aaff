import { normalisedTarget } from "../../promote/inputs/promotion-inputs";
import { imageWords, shortId } from "./promotion-words";
import { namesRegistry } from "../../engines/registry/address";
import { same } from "../host/same";

export { shortId } from "./promotion-words";

/** What a promotion's targets and source are in the world. */
export interface PromotionFacts {
  /** Image ID, or digest in a registry, that the source stands for; null when it is not known before the update. */
  sourceId: string | null;
  /** That image's own label, where it is known. */
  sourceRevision?: string | null;
  /** Whether that is a digest. */
  fromRegistry?: boolean;
  /** Target -> image ID, or digest in a registry, or null when it is not there. */
  targets: Record<string, string | null>;
}

const COMPARED = [
  ...["source", "expectedRevision", "host", "engine", "root", "requireVerified", "enabled"],
  ...["commit", "overrideReason", "spentReasons", "immutable"],
];
const STORE = ["root", "requireVerified"];

type State = Readonly<Record<string, unknown>>;

/** Whether all that changed of the store is that there are receipts now: how it is judged is as before. */
function isReceiptsOnly(state: State, inputs: State): boolean {
  const before = same(state.root, null) && same(state.requireVerified, null);
  return before && !same(inputs.root, null) && inputs.requireVerified === false;
}

/** The targets' places in words, for the preview. */
export function liveWords(facts: PromotionFacts): string {
  const words = Object.entries(facts.targets).map(([target, id]) => {
    if (id === null) return `${target} is not there`;
    if (
      facts.sourceId === null ||
      (id !== facts.sourceId && namesRegistry(target) !== (facts.fromRegistry ?? false))
    )
      return `${target} is ${shortId(id)}`;
    return id === facts.sourceId
      ? `${target} is in place`
      : `${target} is ${shortId(id)}, not the source's ${shortId(facts.sourceId)}`;
  });
  return words.join("; ");
}

/** What differs between a promotion's state, its inputs and the world. */
export function diffPromotion(
  state: State,
  inputs: State,
  facts: PromotionFacts,
): { inputs: string[]; drift: string[] } {
  const about = isReceiptsOnly(state, inputs) ? COMPARED.filter((name) => !STORE.includes(name)) : COMPARED;
  const changed = about.filter((name) => !same(state[name], inputs[name]));
  const wanted = Array.isArray(inputs.targets)
    ? inputs.targets.map((target) => normalisedTarget(String(target)))
    : [];
  if (!same([...wanted].sort(), [...((state.targets as string[] | undefined) ?? [])].sort()))
    changed.push("targets");
  const imageId = String(state.imageId);
  const digest = typeof state.digest === "string" ? state.digest : null;
  const ours = [imageId, digest];
  const drift: string[] = [];
  for (const target of (state.targets as string[] | undefined) ?? []) {
    const id = facts.targets[target];
    if (id === undefined || (id !== null && ours.includes(id))) continue;
    const promoted = namesRegistry(target) ? (digest ?? imageId) : imageId;
    drift.push(
      id === null
        ? `tag gone: ${target} is no longer there; the promotion put it on ${shortId(promoted)}`
        : `tag moved: ${target} points to ${shortId(id)}, but the promotion put it on ${shortId(promoted)}`,
    );
  }
  const promoted = facts.fromRegistry === true ? (digest ?? imageId) : imageId;
  if (facts.sourceId !== null && !ours.includes(facts.sourceId) && !changed.includes("source")) {
    const { sourceRevision } = facts;
    const revision = typeof state.revision === "string" ? state.revision : null;
    const [now, then] =
      sourceRevision === undefined
        ? [shortId(facts.sourceId), shortId(promoted)]
        : [imageWords(facts.sourceId, sourceRevision), imageWords(promoted, revision)];
    drift.push(`source moved: ${String(inputs.source)} is ${now} now; ${then} was promoted`);
  }
  return { inputs: changed, drift };
}
