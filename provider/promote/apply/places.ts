import { asRegistryDigest, parseImageId } from "../../base/reference/digest";
import type { Digest, ImageId } from "../../base/reference/types";
import type { Engine } from "../../engines/engine";
import { addressOf } from "../../engines/registry/address";
import type { Manifest, Registry } from "../../engines/registry/registry";

/** Tags in one kind of place (an engine, or registries): how to read them and how to move them. */
export interface Place {
  /** What a target points at once it is moved: an image ID on an engine, a digest in a registry. */
  readonly promoted: Digest;
  /**
   * What each target points at now; null: the target does not exist.
   *
   * @throws when that can't be found out
   */
  where(targets: readonly string[]): Promise<Map<string, Digest | null>>;
  point(target: string, to: Digest): Promise<void>;
  /** Removes one tag and nothing else; null: tags can't be removed here. */
  readonly clear: ((target: string) => Promise<void>) | null;
}

/** The tags of an engine. */
export function engineTags(engine: Engine, imageId: ImageId): Place {
  return {
    promoted: imageId,
    async where(targets) {
      const found = await engine.inspect(targets);
      return new Map(targets.map((target) => [target, found.get(target)?.id ?? null]));
    },
    point: (target, to) => engine.tag(parseImageId(to), target),
    clear: (target) => engine.untag(target, imageId),
  };
}

/**
 * The tags of registries. They are never removed: a registry may only know how to delete a manifest, and that deletes
 * every tag of it (OCI distribution spec: deleting a single tag is optional).
 */
export function registryTags(registry: Registry, manifest: Manifest, signal?: AbortSignal): Place {
  return {
    promoted: manifest.digest,
    async where(targets) {
      const digests = await Promise.all(targets.map((target) => registry.digestOf(target)));
      return new Map(targets.map((target, index) => [target, digests[index] ?? null]));
    },
    // An earlier image is in the target's own repository. The promoted image may come from another repository.
    point: (target, to) =>
      to === manifest.digest
        ? registry.point(manifest, target, signal)
        : registry.point({ repository: addressOf(target).repository, digest: asRegistryDigest(to) }, target),
    clear: null,
  };
}

/**
 * Removes those targets that still point at the image. A target that somebody has moved since then is left alone.
 *
 * @returns the targets that were left alone
 */
export async function untagOwn(
  engine: Engine,
  imageId: ImageId,
  targets: readonly string[],
): Promise<string[]> {
  const now = await engine.inspect(targets);
  const left: string[] = [];
  for (const target of targets) {
    const facts = now.get(target) ?? null;
    if (facts === null) continue;
    if (facts.id === imageId) await engine.untag(target, imageId);
    else left.push(target);
  }
  return left;
}
