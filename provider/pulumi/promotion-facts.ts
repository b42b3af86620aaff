import { resolveSource } from "../gate/resolve-source";
import { normalisedTarget } from "../inputs/promotion-inputs";
import { engineFor, type Properties } from "./properties";
import type { PromotionFacts } from "./promotion-diff";
import { isUnknown } from "./unknowns";

/** Where the targets point, and which image the source stands for, now. */
export async function factsOf(inputs: Properties, targets: readonly string[]): Promise<PromotionFacts> {
  const engine = engineFor(inputs);
  const found = await engine.inspect(targets);
  const ids = targets.map((target) => [target, found.get(target)?.id ?? null] as const);
  if (isUnknown(inputs.source)) return { sourceId: null, targets: Object.fromEntries(ids) };
  const sourceId = (await resolveSource(engine, String(inputs.source))).id;
  return { sourceId, targets: Object.fromEntries(ids) };
}

/** The targets as Docker prints them. Pure. */
export const targetsOf = (inputs: Properties): string[] =>
  Array.isArray(inputs.targets) ? inputs.targets.map((target) => normalisedTarget(String(target))) : [];
