import type { Digest, ImageId } from "../../base/reference/types";
import type { Engine, ImageFacts } from "../../engines/engine";
import type { PromotionPlan } from "../inputs/promotion-inputs";
import { NotAnImageError } from "../../engines/registry/errors";
import { isImage } from "../../engines/registry/push";
import type { Manifest, Registry, RegistryImage } from "../../engines/registry/registry";
import type { Verification } from "../../store/verified-state";
import type { Judgement } from "./clause";
import { examine } from "./examine";
import { examineInRegistry, imageIdOf } from "./examine-registry";
import { routesOf, splitTargets } from "./routes";
import { revisionIn } from "../../base/revision/verdict";

/** What is promoted, wherever it is, and what the gate says of it. */
export interface Candidate {
  /** Image ID; of a registry's image its configuration's digest, or the digest of an index. */
  imageId: ImageId;
  /** The image in its registry; null: on the engine, and not known to be in any. */
  manifest: Manifest | null;
  /** The image on the engine; null: in a registry. */
  onEngine: ImageFacts | null;
  judgement: Judgement;
  verification: Verification | null;
  /** The image's own revision label; of an index, what its platforms agree on. */
  revision: string | null;
}

/** What holds images. */
export interface Places {
  engine: Engine;
  registry: Registry;
}

const commonRevision = (labels: readonly Readonly<Record<string, string>>[]): string | null => {
  const each = new Set(labels.map(revisionIn));
  const [only = ""] = each;
  return each.size === 1 && only !== "" ? only : null;
};

/**
 * Finds a promotion's source where it is (see `routesOf`), and judges it. The same in preview and in the moment before
 * anything is moved.
 *
 * @throws when the source is missing or can't be read
 */
export async function examineCandidate(
  { engine, registry }: Places,
  inputs: PromotionPlan,
  source: string = inputs.source,
): Promise<Candidate> {
  if (routesOf(inputs.source, inputs.targets).fromRegistry) {
    const { image, judgement, verification } = await examineInRegistry(registry, inputs, source);
    const { repository, digest } = image;
    const revision = commonRevision(image.images.map(({ labels }) => labels));
    return {
      ...{ imageId: imageIdOf(image), manifest: { repository, digest }, onEngine: null },
      ...{ judgement, verification, revision },
    };
  }
  const { image, judgement, verification } = await examine(engine, inputs, source);
  const revision = commonRevision([image.labels]);
  return { imageId: image.id, manifest: null, onEngine: image, judgement, verification, revision };
}

/** A target that stands for something else than what is to be promoted. */
export interface Taken {
  target: string;
  at: Digest;
}

/**
 * Targets that stand for another image than the candidate, for `immutable`. One that can't be read is an exception;
 * one that is not there is free.
 */
export async function takenTargets(
  { engine, registry }: Places,
  candidate: Candidate,
  targets: readonly string[],
): Promise<Taken[]> {
  const { local, remote } = splitTargets(targets);
  const taken: Taken[] = [];
  const there = local.length === 0 ? null : await engine.inspect(local);
  for (const target of local) {
    const id = there?.get(target)?.id ?? null;
    if (id !== null && id !== candidate.imageId) taken.push({ target, at: id });
  }
  for (const target of remote) {
    const digest = await registry.digestOf(target);
    if (digest === null || digest === candidate.manifest?.digest) continue;
    // An image of the engine has no digest before it is pushed: the same image under any digest is the same.
    const found = candidate.onEngine === null ? null : await describedImage(registry, target);
    if (found === null || !isImage(found, candidate.imageId)) taken.push({ target, at: digest });
  }
  return taken;
}

/** The image that a target stands for; null also for a chart or another artifact, which is surely none. */
async function describedImage(registry: Registry, target: string): Promise<RegistryImage | null> {
  try {
    return await registry.describe(target);
  } catch (error) {
    if (error instanceof NotAnImageError) return null;
    throw error;
  }
}
