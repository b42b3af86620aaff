import { VerifiedImagesError } from "../../base/errors/base";
import { revisionIn } from "../../base/revision/verdict";
import type { Digest } from "../../base/reference/types";
import { engineAt } from "../../build/functions/effects";
import { registryAt } from "../../engines/registry/registry-at";
import { DEFAULT_TIMEOUTS } from "../../inputs/timeouts";
import type { Places } from "../../promote/gate/candidate";
import { isSourceMissing, resolveSource, SourceMissingError } from "../../promote/gate/resolve-source";
import { routesOf, splitTargets } from "../../promote/gate/routes";
import { findSif } from "../../promote/sif/find";
import { sifFiles } from "../../promote/sif/files";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { PromotionState } from "./state";

/** The engine, the registries and the files of a promotion. */
export function placesFor({ host, timeouts }: Pick<PromotionPlan, "host" | "timeouts">): Places {
  const inspect = timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  return { engine: engineAt(host, inspect), registry: registryAt(inspect), sifs: sifFiles };
}

/** The engine and the registries of a promotion in the state. */
export function placesOf(state: PromotionState): Places {
  return placesFor({ host: state.host ?? undefined, timeouts: state.timeouts });
}

/**
 * Another engine answers than the one in the state, although it was reached by the same name. What became of the tags is
 * not known, so nothing is promoted.
 */
export class AnotherEngineError extends VerifiedImagesError {
  constructor(targets: readonly string[], then: string, now: string) {
    super(
      "another-engine",
      `another engine answers (${now}) than the one that has ${targets.join(", ")} (${then}), so what is promoted there ` +
        "can't be told; point DOCKER_HOST or the Docker context back to it. If this one is to take its place, name it " +
        "with `host`, or take the promotion out of the state (pulumi state delete <urn>) and promote again",
    );
  }
}

/**
 * The engine keeps its images in another store than in the state. All that it had before is hidden, so whether a tag or the
 * source is gone is not known, and nothing is promoted.
 */
export class SwitchedStoreError extends VerifiedImagesError {
  constructor(targets: readonly string[], then: string, now: string) {
    super(
      "image-store-switched",
      `the engine keeps its images in another store now (${now}) than when ${targets.join(", ")} was promoted there ` +
        `(${then}): what it had before is hidden, and not gone; switch the store back (daemon.json: storage-driver, ` +
        "features). If the new store is to stay, take the promotion out of the state (pulumi state delete <urn>), build " +
        "again there, and promote again",
    );
  }
}

/** Whether the engine of a promotion was not the one that answers now, so that nothing is known of the tags. */
export const isElsewhere = (error: unknown): error is AnotherEngineError | SwitchedStoreError =>
  error instanceof AnotherEngineError || error instanceof SwitchedStoreError;

/** An engine as a promotion records it. */
export type EngineOnRecord = Pick<PromotionState, "engineId" | "engineStore">;

/**
 * The engine that has the targets. It is compared with the recorded one, so that nothing is read from a wrong engine.
 *
 * @param then the recorded one; null: none is recorded
 * @returns null: no target is on an engine
 * @throws {AnotherEngineError} when another engine answers under the same name
 * @throws {SwitchedStoreError} when it keeps its images in another store now
 * @throws {EngineUnreachableError} when none answers
 */
export async function demandEngine(
  { engine }: Places,
  then: EngineOnRecord | null,
  targets: readonly string[],
): Promise<{ engineId: string; engineStore: string | null } | null> {
  const { local } = splitTargets(targets);
  if (local.length === 0) return null;
  const { id: engineId, imageStore: engineStore = null } = await engine.identity();
  const { engineId: before = null, engineStore: store = null } = then ?? {};
  if (before !== null && before !== engineId) throw new AnotherEngineError(local, before, engineId);
  if (store !== null && engineStore !== null && store !== engineStore)
    throw new SwitchedStoreError(local, store, engineStore);
  return { engineId, engineStore };
}

/** What each target points at: an image ID on the engine or of a file, a digest in a registry; null: it does not exist. */
export type TargetsNow = Record<string, Digest | null>;

/** Reads where targets point. Without a target on the engine, no engine is asked. */
export async function targetsNow(
  { engine, registry, sifs }: Places,
  targets: readonly string[],
): Promise<TargetsNow> {
  const { local, remote, files } = splitTargets(targets);
  const [found, digests, ids] = await Promise.all([
    local.length === 0 ? null : engine.inspect(local),
    Promise.all(remote.map(async (target) => [target, await registry.digestOf(target)] as const)),
    sifs.ids(files),
  ]);
  const there = new Map<string, Digest | null>([...digests, ...ids]);
  for (const target of local) there.set(target, found?.get(target)?.id ?? null);
  return Object.fromEntries(targets.map((target) => [target, there.get(target) ?? null]));
}

/** The image that a promotion's source points at now. */
export interface SourceNow {
  /** Image ID, or digest in a registry. */
  id: Digest;
  /** The image's own revision label; undefined: it was not read. */
  revision?: string;
  fromRegistry: boolean;
}

/** Where a promotion's targets and its source point now. */
export interface Standing {
  /** null: the source is gone, or not known before the update. */
  source: SourceNow | null;
  sourceGone: boolean;
  targets: TargetsNow;
}

async function sourceNow(
  { engine, registry, sifs }: Places,
  source: string,
  targets: readonly string[],
  root: string | null,
): Promise<SourceNow> {
  const routes = routesOf(source, targets);
  if (routes.fromFile) {
    const { id, labels } = await findSif(source, root, sifs.describe);
    return { id, revision: revisionIn(labels), fromRegistry: false };
  }
  if (!routes.fromRegistry) {
    const { id, labels } = await resolveSource(engine, source);
    return { id, revision: revisionIn(labels), fromRegistry: false };
  }
  const digest = await registry.digestOf(source);
  if (digest === null) throw new SourceMissingError(source, true);
  return { id: digest, fromRegistry: true };
}

/**
 * Reads where targets and source point now. A missing source is an answer and no error.
 *
 * @param asked source and targets of the promotion; undefined: not known before the update
 * @param targets the targets to read
 * @throws {VerifiedImagesError} when they can't be read
 */
export async function standingNow(
  places: Places,
  asked: { source?: string; targets?: readonly string[]; root?: string | null },
  targets: readonly string[],
): Promise<Standing> {
  const now = await targetsNow(places, targets);
  if (asked.source === undefined || asked.targets === undefined)
    return { source: null, sourceGone: false, targets: now };
  try {
    const source = await sourceNow(places, asked.source, asked.targets, asked.root ?? null);
    return { source, sourceGone: false, targets: now };
  } catch (error) {
    if (!isSourceMissing(error)) throw error;
    return { source: null, sourceGone: true, targets: now };
  }
}
