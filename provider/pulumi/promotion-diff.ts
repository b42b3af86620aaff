import { normalisedTarget } from "../inputs/promotion-inputs";
import { same } from "./same";

/** What a promotion's targets and source are in the world. */
export interface PromotionFacts {
  /** Image ID that the source stands for; null when it is not known before the update. */
  sourceId: string | null;
  /** Target -> image ID, or null when it is not there. */
  targets: Record<string, string | null>;
}

const COMPARED = ["source", "expectedRevision", "host", "engine", "root", "requireVerified", "enabled"];

/** A short image ID, as Docker shows it. Pure. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}

/** The targets' places in words, for the preview. Pure. */
export function liveWords(facts: PromotionFacts): string {
  const words = Object.entries(facts.targets).map(([target, id]) => {
    if (id === null) return `${target} is not there`;
    if (facts.sourceId === null) return `${target} is ${shortId(id)}`;
    return id === facts.sourceId
      ? `${target} is in place`
      : `${target} is ${shortId(id)}, not the source's ${shortId(facts.sourceId)}`;
  });
  return words.join("; ");
}

/** What differs between a promotion's state, its inputs and the world. Pure. */
export function diffPromotion(
  state: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
  facts: PromotionFacts,
): { inputs: string[]; drift: string[] } {
  const changed = COMPARED.filter((name) => !same(state[name], inputs[name]));
  const wanted = Array.isArray(inputs.targets)
    ? inputs.targets.map((target) => normalisedTarget(String(target)))
    : [];
  if (!same([...wanted].sort(), [...((state.targets as string[] | undefined) ?? [])].sort()))
    changed.push("targets");
  const promoted = String(state.imageId);
  const drift: string[] = [];
  for (const target of (state.targets as string[] | undefined) ?? []) {
    const id = facts.targets[target];
    if (id === undefined || id === promoted) continue;
    drift.push(
      id === null
        ? `tag gone: ${target} is no longer there; the promotion put it on ${shortId(promoted)}`
        : `tag moved: ${target} points to ${shortId(id)}, but the promotion put it on ${shortId(promoted)}`,
    );
  }
  if (facts.sourceId !== null && facts.sourceId !== promoted && !changed.includes("source")) {
    drift.push(
      `source moved: ${String(inputs.source)} is ${shortId(facts.sourceId)} now; ${shortId(promoted)} was promoted`,
    );
  }
  return { inputs: changed, drift };
}
