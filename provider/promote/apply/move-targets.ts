import { revisionIn, REVISION_LABEL } from "../../base/revision/verdict";
import { messageOf } from "../../base/errors/message";
import type { Digest, ImageId, RegistryDigest } from "../../base/reference/types";
import { ensurePushed } from "../../engines/registry/push";
import type { RegistryImage } from "../../engines/registry/registry";
import type { Candidate, Places } from "../gate/candidate";
import { DISABLED, type Judgement } from "../gate/clause";
import { PromotionFailedError, PromotionRefusedError } from "../gate/errors";
import { sameFile } from "../sif/real-name";
import { splitTargets } from "../gate/routes";
import type { Brought } from "../../engines/registry/attached/count";
import { bringAlong } from "./bring-along";
import { sifPlace } from "./sif-place";
import { engineTags, registryTags } from "./places";
import { pointAll, type Previous } from "./point-all";

/** The platforms of an index whose revision label differs from `revision`, each with the label that it has. */
export function otherPlatforms(image: RegistryImage, revision: string | null): string[] {
  return image.images
    .filter(({ labels }) => revisionIn(labels) !== (revision ?? ""))
    .map(({ platform, labels }) => `${platform} has ${JSON.stringify(revisionIn(labels).slice(0, 40))}`);
}

/**
 * Refuses an index whose platforms do not all have the revision label that was judged. An engine with the containerd store
 * shows the gate one platform of an index only, so the others are checked here, once the registry has the index.
 *
 * @param image the engine's image as the registry has it
 * @param revision the label that was judged
 * @throws {PromotionRefusedError} before any target is moved
 */
export function demandOneRevision(image: RegistryImage, judgement: Judgement, revision: string | null): void {
  if (judgement.verdict === DISABLED) return;
  const others = otherPlatforms(image, revision);
  if (others.length === 0) return;
  const name = `${image.repository}@${image.digest}`;
  const message =
    `the image has several platforms, and the label ${REVISION_LABEL} that was judged is not that of all: ` +
    `${others.join(", ")}; promote ${name} instead, where each platform is judged`;
  const clause = { property: "source", ok: false, message };
  const clauses = [...judgement.clauses, clause];
  throw new PromotionRefusedError(name, { ...judgement, ok: false, clauses, override: null });
}

/**
 * Points every target at the candidate. Targets in registries come first, because they fail more often. An image of the
 * engine is pushed when a target is in a registry. What belongs to an image of a registry is copied before. Targets of a SIF
 * image are files.
 *
 * @returns what each target pointed at before, the image's digest in registries (null: no target is in a registry), and
 *   what came along
 * @throws {PromotionRefusedError} when another platform of the engine's image has another revision label
 * @throws {ImmutableTargetError} see `pointAll`
 * @throws {PromotionFailedError} see `pointAll` and `bringAlong`
 */
export async function moveTargets(
  { engine, registry }: Places,
  candidate: Candidate,
  targets: readonly string[],
  options: { immutable?: boolean; signal?: AbortSignal } = {},
): Promise<{ previous: Previous; digest: RegistryDigest | null; along: Brought[] }> {
  const { local, remote, files } = splitTargets(targets);
  if (candidate.file !== null) {
    const previous = await moveFiles(candidate.file, candidate.imageId, files, options);
    return { previous, digest: null, along: [] };
  }
  let { manifest } = candidate;
  const along = manifest === null ? [] : await bringAlong(registry, manifest, remote, options.signal);
  if (manifest === null && remote.length > 0) {
    const pushed = await ensurePushed(engine, registry, candidate.imageId, remote, options.signal);
    demandOneRevision(pushed, candidate.judgement, candidate.revision);
    manifest = { repository: pushed.repository, digest: pushed.digest };
  }
  const moves = [
    ...(manifest === null
      ? []
      : [{ place: registryTags(registry, manifest, options.signal), targets: remote }]),
    { place: engineTags(engine, candidate.imageId), targets: local },
  ];
  const previous = await pointAll(moves, candidate.imageId, options);
  return { previous, digest: manifest?.digest ?? null, along };
}

/** Points paths at a SIF image. Asked to end, it puts those back that it has moved. */
async function moveFiles(
  file: string,
  imageId: ImageId,
  targets: readonly string[],
  { immutable, signal }: { immutable?: boolean; signal?: AbortSignal },
): Promise<Previous> {
  const twice = await sameFile(targets);
  if (twice !== null) throw new PromotionFailedError(`promotion of ${imageId} failed: ${twice}`);
  const place = sifPlace(file, imageId);
  const point = (target: string, to: Digest): Promise<void> => {
    if (to === imageId) signal?.throwIfAborted();
    return place.point(target, to);
  };
  try {
    const previous = await pointAll([{ place: { ...place, point }, targets }], imageId, { immutable });
    await place.settle();
    return previous;
  } catch (error) {
    const left = error instanceof PromotionFailedError ? error.left : [];
    const kept = await place.settle(left.map(({ target }) => target));
    if (kept.size === 0) throw error;
    const where = [...kept].map(([target, name]) => `what ${target} was is kept as ${name}`);
    throw new PromotionFailedError([messageOf(error), ...where].join("; "), { cause: error, left });
  }
}
