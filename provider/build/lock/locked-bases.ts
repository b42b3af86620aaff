import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import type { Engine, ImageFacts } from "../../engines/engine";
import { pinBase, type ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import { contextImages } from "../../inputs/named-contexts";
import type { Lock } from "../../packages/lock/types";

/** A base image of a lock is neither on the engine nor in a registry. Nothing was built. */
export class LockedBaseError extends VerifiedImagesError {
  constructor(reference: string, digest: string, detail: string, name: string) {
    super(
      "base-image",
      `the base image ${reference} of the lock, at ${digest}, is neither on the engine nor could it be pulled (${detail}); ` +
        `pull or load it, or take what ${reference} stands for now: verified-images lock ${name} --update`,
    );
  }
}

const withoutTag = (reference: string): string => {
  const name = reference.split("@")[0] ?? reference;
  const colon = name.lastIndexOf(":");
  return colon > name.lastIndexOf("/") ? name.slice(0, colon) : name;
};

/**
 * The base images at the digests of a lock, by the references of a recipe. What the lock does not name is left out. An image
 * that the engine lacks is pulled by its digest.
 *
 * @throws {LockedBaseError} for one that can't be had
 */
export async function lockedBases(
  engine: Engine,
  references: readonly string[],
  { name, platform, contexts }: Pick<BuildPlan, "name" | "platform" | "contexts">,
  lock: Lock,
  signal?: AbortSignal,
): Promise<ResolvedBase[]> {
  const given = contextImages(contexts);
  const found: ResolvedBase[] = [];
  for (const reference of references) {
    const image = given.get(reference) ?? reference;
    const digest = lock.bases.find((base) => base.reference === image)?.digest;
    if (digest === undefined) continue;
    const base = (await onEngine(engine, image, digest)) ?? (await pulled(image, digest));
    found.push(reference === image ? base : { ...base, reference, image });
  }
  return found;

  async function pulled(image: string, digest: string): Promise<ResolvedBase> {
    const exact = `${withoutTag(image)}@${digest}`;
    try {
      await engine.pull(exact, platform, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new LockedBaseError(image, digest, messageOf(error), name);
    }
    const base = await onEngine(engine, image, digest);
    if (base === null) throw new LockedBaseError(image, digest, "it vanished after the pull", name);
    return base;
  }
}

/** The image on the engine that has this digest: the one that the reference names, or another of the same repository. */
async function onEngine(engine: Engine, image: string, digest: string): Promise<ResolvedBase | null> {
  const exact = `${withoutTag(image)}@${digest}`;
  const found = await engine.inspect([image, exact, digest]);
  for (const facts of [found.get(image), found.get(exact), found.get(digest)]) {
    const base = facts === null || facts === undefined ? null : baseOf(image, facts, digest);
    if (base !== null) return base;
  }
  return null;
}

function baseOf(image: string, facts: ImageFacts, digest: string): ResolvedBase | null {
  const named = image.includes("@") ? image : `${image}@${digest}`;
  // With the digest in its name, that one counts among those that an image has.
  const base = pinBase(named, facts);
  return base.digest === digest ? { ...base, reference: image } : null;
}
