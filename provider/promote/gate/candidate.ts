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
import type { SifFiles } from "../sif/files";
import { examineSif } from "./examine-sif";
import { promotesSif, routesOf, splitTargets } from "./routes";
import { revisionIn } from "../../base/revision/verdict";

/** The image that is about to be promoted, and the gate's judgement of it. */
export interface Candidate {
  /** The image ID. For an image in a registry: the digest of its configuration, or of its index. */
  imageId: ImageId;
  /** The image in its registry; null: it is on the engine, and no registry is known to have it. */
  manifest: Manifest | null;
  /** The image on the engine; null: it is in a registry, or a file. */
  onEngine: ImageFacts | null;
  /** The file of a SIF image; null: it is none. */
  file: string | null;
  judgement: Judgement;
  verification: Verification | null;
  /** The image's revision label; null: it has none, or the platforms of its index have different ones. */
  revision: string | null;
}

/** Those that hold images: the engine, the registries, and the file system with SIF images. */
export interface Places {
  engine: Engine;
  registry: Registry;
  sifs: SifFiles;
}

/** The revision that all labels have; null: they have none, or different ones. */
export const commonRevision = (labels: readonly Readonly<Record<string, string>>[]): string | null => {
  const each = new Set(labels.map(revisionIn));
  const [only = ""] = each;
  return each.size === 1 && only !== "" ? only : null;
};

/**
 * Finds a promotion's source on the engine, in its registry or as a file (`routesOf` says which), and judges it. Preview and update
 * both use this; the update does it again right before it moves tags.
 *
 * @throws when the source is missing or can't be read
 */
export async function examineCandidate(
  { engine, registry, sifs }: Places,
  inputs: PromotionPlan,
  source: string = inputs.source,
): Promise<Candidate> {
  if (promotesSif(inputs)) {
    const { image, judgement, verification } = await examineSif(inputs, source, sifs.describe);
    const { id, labels, file } = image;
    return {
      ...{ imageId: id, manifest: null, onEngine: null, file },
      ...{ judgement, verification, revision: commonRevision([labels]) },
    };
  }
  if (routesOf(inputs.source, inputs.targets).fromRegistry) {
    const { image, judgement, verification } = await examineInRegistry(registry, inputs, source);
    const { repository, digest } = image;
    const revision = commonRevision(image.images.map(({ labels }) => labels));
    return {
      ...{ imageId: imageIdOf(image), manifest: { repository, digest }, onEngine: null, file: null },
      ...{ judgement, verification, revision },
    };
  }
  const { image, platforms, judgement, verification } = await examine(engine, inputs, source);
  const revision = commonRevision(platforms.map(({ labels }) => labels));
  return {
    ...{ imageId: image.id, manifest: null, onEngine: image, file: null },
    ...{ judgement, verification, revision },
  };
}

/** A target that points at another image than the one to promote. */
export interface Taken {
  target: string;
  at: Digest;
}

/**
 * The targets that point at another image than the candidate, for `immutable`. A target that does not exist is free.
 *
 * @throws when a target can't be read
 */
export async function takenTargets(
  { engine, registry, sifs }: Places,
  candidate: Candidate,
  targets: readonly string[],
): Promise<Taken[]> {
  const { local, remote, files } = splitTargets(targets);
  const taken: Taken[] = [];
  for (const [target, at] of await sifs.ids(files)) {
    if (at !== null && at !== candidate.imageId) taken.push({ target, at });
  }
  const there = local.length === 0 ? null : await engine.inspect(local);
  for (const target of local) {
    const id = there?.get(target)?.id ?? null;
    if (id !== null && id !== candidate.imageId) taken.push({ target, at: id });
  }
  for (const target of remote) {
    const digest = await registry.digestOf(target);
    if (digest === null || digest === candidate.manifest?.digest) continue;
    // An image on the engine has no digest before it is pushed, so compare the images themselves.
    const found = candidate.onEngine === null ? null : await describedImage(registry, target);
    if (found === null || !isImage(found, candidate.imageId)) taken.push({ target, at: digest });
  }
  return taken;
}

/** The image that a target points at; null: nothing is there, or something that is no image (a chart, say). */
async function describedImage(registry: Registry, target: string): Promise<RegistryImage | null> {
  try {
    return await registry.describe(target);
  } catch (error) {
    if (error instanceof NotAnImageError) return null;
    throw error;
  }
}
