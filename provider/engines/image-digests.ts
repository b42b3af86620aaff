import { asConfigDigest, asRegistryDigest, isSameDigest } from "../base/reference/digest";
import { isDigest } from "../base/reference/grammar";
import type { ConfigDigest, Digest, RegistryDigest } from "../base/reference/types";
import type { EngineIdentity, ImageFacts } from "./engine";
import { isOfContainerd } from "./image-store";

/** What an image is known by, as far as that is known. */
export interface ImageDigests {
  /** Its ID on the engine. */
  id: Digest;
  /** The digest of its configuration, which is the same everywhere; null: not known. */
  config: ConfigDigest | null;
  /** The digests of its manifest and of indexes that it is in, as far as they are known. */
  registry: readonly RegistryDigest[];
}

type Known = Pick<ImageFacts, "id"> & Partial<Pick<ImageFacts, "repoDigests">>;

/**
 * What an engine knows an image by. Its ID is the digest of its configuration, or with the containerd store that of its
 * manifest or index. With a graph driver the digests by which it was pulled or pushed are those of manifests and indexes.
 *
 * With the containerd store only the ID counts. What is noted there of the configuration (`notedConfig`), and the names of
 * the image, come with the image: whoever makes an archive for `docker load` can write any digest there.
 */
export function digestsOf(image: Known, { imageStore }: Pick<EngineIdentity, "imageStore">): ImageDigests {
  const { id, repoDigests = [] } = image;
  if (imageStore === undefined) return { id, config: null, registry: [] };
  if (isOfContainerd({ imageStore })) return { id, config: null, registry: [asRegistryDigest(id)] };
  const digests = repoDigests.map((name) => name.slice(name.indexOf("@") + 1)).filter(isDigest);
  return { id, config: asConfigDigest(id), registry: digests.map(asRegistryDigest) };
}

/** The digest of the configuration of an image that this engine has just built itself; null: the engine does not tell. */
export function configOfBuilt(
  { id, notedConfig }: Pick<ImageFacts, "id" | "notedConfig">,
  { imageStore }: Pick<EngineIdentity, "imageStore">,
): ConfigDigest | null {
  if (imageStore === undefined) return null;
  return isOfContainerd({ imageStore }) ? (notedConfig ?? null) : asConfigDigest(id);
}

/**
 * Whether two images are the same. One digest that both have proves it. If they have none in common, they are different
 * where both have digests of one kind. Otherwise that can't be told: a manifest's digest says nothing of the
 * configuration's.
 */
export function sameImage(one: ImageDigests, other: ImageDigests): "same" | "different" | "can't tell" {
  const all = ({ id, config, registry }: ImageDigests): Digest[] =>
    config === null ? [id, ...registry] : [id, config, ...registry];
  if (all(one).some((digest) => all(other).some((theirs) => isSameDigest(digest, theirs)))) return "same";
  const comparable =
    (one.config !== null && other.config !== null) || (one.registry.length > 0 && other.registry.length > 0);
  return comparable ? "different" : "can't tell";
}

/** What an image that is a file is known by: the hash of the file, and nothing else. No other image is known by that. */
export function digestsOfFile(hash: Digest): ImageDigests {
  return { id: hash, config: asConfigDigest(hash), registry: [asRegistryDigest(hash)] };
}
