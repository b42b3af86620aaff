import { parseImageId } from "../../base/reference/digest";
import type { Digest, ImageId } from "../../base/reference/types";
import type { Engine } from "../../engines/engine";
import { addressOf } from "../../engines/registry/address";
import type { Manifest, Registry } from "../../engines/registry/registry";

/** Where targets are, and how one is moved there. */
export interface Place {
  /** What a target that was moved stands for: an image ID, or in a registry a digest. */
  readonly promoted: Digest;
  /** What each target stands for now; null means that it is surely not there. Can't tell is an exception. */
  where(targets: readonly string[]): Promise<Map<string, Digest | null>>;
  point(target: string, to: Digest): Promise<void>;
  /** Takes a target away, and nothing else; null where that can't be done. */
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
 * The tags of registries. None is ever taken away: a registry deletes a manifest, and with it every tag that stands
 * for it (OCI distribution spec, "Deleting tags" is optional).
 */
export function registryTags(registry: Registry, manifest: Manifest, signal?: AbortSignal): Place {
  return {
    promoted: manifest.digest,
    async where(targets) {
      const digests = await Promise.all(targets.map((target) => registry.digestOf(target)));
      return new Map(targets.map((target, index) => [target, digests[index] ?? null]));
    },
    // What a target stood for before is in its own repository, wherever the promoted image came from.
    point: (target, to) =>
      to === manifest.digest
        ? registry.point(manifest, target, signal)
        : registry.point({ repository: addressOf(target).repository, digest: to }, target),
    clear: null,
  };
}

/**
 * Removes those targets that still point at the image. A target that someone has moved since is theirs.
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
