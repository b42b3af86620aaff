import { resolveSource, SourceMissingError } from "../../promote/gate/resolve-source";
import { routesOf, splitTargets } from "../../promote/gate/routes";
import { REVISION_LABEL } from "../../base/revision/verdict";
import { normalisedTarget } from "../../promote/inputs/promotion-inputs";
import { engineFor, registryFor, type Properties } from "../host/properties";
import type { PromotionFacts } from "./promotion-diff";
import { isUnknown } from "../host/unknowns";

/** What each of these targets stands for now: an image ID on the engine, a digest in a registry, or null. */
export async function targetsNow(
  inputs: Properties,
  targets: readonly string[],
): Promise<Record<string, string | null>> {
  const { local, remote } = splitTargets(targets);
  const registry = registryFor(inputs);
  // No engine is asked where nothing is on it: a promotion within registries needs none.
  const [found, digests] = await Promise.all([
    local.length === 0 ? null : engineFor(inputs).inspect(local),
    Promise.all(remote.map((target) => registry.digestOf(target))),
  ]);
  const at = (target: string): string | null =>
    remote.includes(target) ? (digests[remote.indexOf(target)] ?? null) : (found?.get(target)?.id ?? null);
  return Object.fromEntries(targets.map((target) => [target, at(target)]));
}

/** What the source stands for: an image ID with that image's own label, or a digest in a registry. */
async function sourceNow(
  inputs: Properties,
): Promise<Pick<PromotionFacts, "sourceId" | "sourceRevision" | "fromRegistry">> {
  const source = String(inputs.source);
  if (!routesOf(source, targetsOf(inputs)).fromRegistry) {
    const { id, labels } = await resolveSource(engineFor(inputs), source);
    return { sourceId: id, sourceRevision: labels[REVISION_LABEL] ?? null, fromRegistry: false };
  }
  const digest = await registryFor(inputs).digestOf(source);
  if (digest === null) throw new SourceMissingError(source, true);
  return { sourceId: digest, fromRegistry: true };
}

/** Where the targets point, and which image the source stands for, now. */
export async function factsOf(inputs: Properties, targets: readonly string[]): Promise<PromotionFacts> {
  const now = await targetsNow(inputs, targets);
  const known = !isUnknown(inputs.source) && !isUnknown(inputs.targets);
  if (!known) return { sourceId: null, targets: now };
  return { ...(await sourceNow(inputs)), targets: now };
}

/** The targets as the state has them. */
export const targetsOf = (inputs: Properties): string[] =>
  Array.isArray(inputs.targets) ? inputs.targets.map((target) => normalisedTarget(String(target))) : [];
