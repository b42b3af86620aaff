import { VerifiedImagesError } from "../../base/errors/base";
import { revisionIn } from "../../base/revision/verdict";
import type { Digest } from "../../base/reference/types";
import { engineAt } from "../../build/functions/effects";
import { registryAt } from "../../engines/registry/registry-at";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";
import type { Places } from "../../promote/gate/candidate";
import { resolveSource, SourceMissingError } from "../../promote/gate/resolve-source";
import { routesOf, splitTargets } from "../../promote/gate/routes";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { PromotionState } from "./state";

/** The engine and the registries that a promotion is about. */
export function placesFor({ host, timeouts }: Pick<PromotionPlan, "host" | "timeouts">): Places {
  const inspect = timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  return { engine: engineAt(host, inspect), registry: registryAt(inspect) };
}

/** The same, of a promotion on record. */
export function placesOf(state: PromotionState): Places {
  return placesFor({ host: state.host ?? undefined, timeouts: state.timeouts });
}

/**
 * The engine that answers is not the one on record, under the same name: what became of the tags there can't be told, and
 * nothing is promoted here.
 */
export class AnotherEngineError extends VerifiedImagesError {
  constructor(targets: readonly string[], then: string, now: string) {
    super(
      "another-engine",
      `another engine answers (${now}) than the one that has ${targets.join(", ")} (${then}), so what is promoted there ` +
        "can't be told; point DOCKER_HOST or the Docker context back to it. If this one is to take its place, name it " +
        "with `host`, or take the promotion out of the state (pulumi state delete <urn>) and promote anew",
    );
  }
}

/**
 * The ID of the engine that has the targets, made sure to be the one on record before what is found there is taken for an
 * answer.
 *
 * @param then the ID on record; null: there is none
 * @returns null where no target is on an engine
 * @throws {AnotherEngineError} when another engine answers under the same name
 * @throws {EngineUnreachableError}
 */
export async function demandEngine(
  { engine }: Places,
  then: string | null,
  targets: readonly string[],
): Promise<string | null> {
  const { local } = splitTargets(targets);
  if (local.length === 0) return null;
  const { id } = await engine.identity();
  if (then !== null && then !== id) throw new AnotherEngineError(local, then, id);
  return id;
}

/** What each of these targets stands for: an image ID on the engine, a digest in a registry; null: it is not there. */
export type TargetsNow = Record<string, Digest | null>;

/** No engine is asked where nothing is on it: a promotion within registries needs none. */
export async function targetsNow(
  { engine, registry }: Places,
  targets: readonly string[],
): Promise<TargetsNow> {
  const { local, remote } = splitTargets(targets);
  const [found, digests] = await Promise.all([
    local.length === 0 ? null : engine.inspect(local),
    Promise.all(remote.map(async (target) => [target, await registry.digestOf(target)] as const)),
  ]);
  const there = new Map<string, Digest | null>(digests);
  for (const target of local) there.set(target, found?.get(target)?.id ?? null);
  return Object.fromEntries(targets.map((target) => [target, there.get(target) ?? null]));
}

/** What a promotion's source is now. */
export interface SourceNow {
  /** Image ID, or the digest in a registry. */
  id: Digest;
  /** The image's own label; undefined: it was not looked at. */
  revision?: string;
  fromRegistry: boolean;
}

/** What a promotion's targets and source are, and whether its source is surely gone. */
export interface Standing {
  /** null: it is gone, or not known before the update. */
  source: SourceNow | null;
  sourceGone: boolean;
  targets: TargetsNow;
}

async function sourceNow(
  { engine, registry }: Places,
  source: string,
  targets: readonly string[],
): Promise<SourceNow> {
  if (!routesOf(source, targets).fromRegistry) {
    const { id, labels } = await resolveSource(engine, source);
    return { id, revision: revisionIn(labels), fromRegistry: false };
  }
  const digest = await registry.digestOf(source);
  if (digest === null) throw new SourceMissingError(source, true);
  return { id: digest, fromRegistry: true };
}

/**
 * Where targets point, and which image the source stands for; a source that is surely gone is an answer.
 *
 * @param asked where the image goes; undefined: not known before the update
 * @param targets those that are looked at
 * @throws {VerifiedImagesError} when it can't be told
 */
export async function standingNow(
  places: Places,
  asked: { source?: string; targets?: readonly string[] },
  targets: readonly string[],
): Promise<Standing> {
  const now = await targetsNow(places, targets);
  if (asked.source === undefined || asked.targets === undefined)
    return { source: null, sourceGone: false, targets: now };
  try {
    const source = await sourceNow(places, asked.source, asked.targets);
    return { source, sourceGone: false, targets: now };
  } catch (error) {
    if (!(error instanceof SourceMissingError)) throw error;
    return { source: null, sourceGone: true, targets: now };
  }
}
