import type { Branded } from "../brand";

/** The digest of some content (OCI image spec, descriptors): `sha256:<64 hex>` or `sha512:<128 hex>`, lower case. */
export type Digest = Branded<"digest">;

/**
 * The digest of an image's configuration, which names its layers by their uncompressed content. It is the same wherever the
 * image is: on any engine, and in any registry.
 */
export type ConfigDigest = Digest & Branded<"config digest">;

/** The digest of the manifest of one image. It changes if a layer is compressed in another way. */
export type ManifestDigest = Digest & Branded<"manifest digest">;

/** The digest of an index: a list of manifests, for several platforms or for an image and its attestations. */
export type IndexDigest = Digest & Branded<"index digest">;

/** What a registry knows an image by. */
export type RegistryDigest = ManifestDigest | IndexDigest;

/**
 * What an engine calls an image: with a graph driver its {@link ConfigDigest}, with the containerd store its
 * {@link RegistryDigest}. So an ID only says something together with the engine; `digestsOf` says which it is.
 */
export type ImageId = Digest & Branded<"image ID">;

/** A repository and a tag in full: with the host where a registry is meant, else in the form that Docker prints. */
export type TagReference = Branded<"tag reference">;

export type DigestReference = Branded<"digest reference">;

/** The path of a SIF image (Apptainer), in the form that `parseSifPath` writes. */
export type SifPath = Branded<"SIF path">;

/** What a promotion points at an image: a tag on an engine or in a registry, or a file. */
export type Target = TagReference | SifPath;

declare const parsed: unique symbol;

/** Marks a reference that the parser has made. An object literal does not have this type. */
interface Parsed<Kind extends string> {
  readonly kind: Kind;
  readonly [parsed]: Kind;
}

/** A repository and a tag: a name that can move to another image at any time. */
export interface ParsedTag extends Parsed<"tag"> {
  /** Host with optional port; `docker.io` where none was written. */
  readonly registry: string;
  /** Path on the registry; `library/` included for official images of Docker Hub. */
  readonly repository: string;
  /** `latest` where none was written. */
  readonly tag: string;
  /** As it was written. */
  readonly text: string;
}

/** A repository and a digest: always names the same content. */
export interface ParsedDigest extends Parsed<"digest"> {
  /** Host with optional port; `docker.io` where none was written. */
  readonly registry: string;
  /** Path on the registry; `library/` included for official images of Docker Hub. */
  readonly repository: string;
  /** The tag that was written beside the digest, if any; Docker ignores it when it resolves the reference. */
  readonly tag?: string;
  readonly digest: RegistryDigest;
  /** As it was written. */
  readonly text: string;
}

/** The ID of an image in a local engine, always in its long form. */
export interface ParsedId extends Parsed<"id"> {
  readonly id: ImageId;
}

/** Everything an image can be named by. */
export type Reference = ParsedTag | ParsedDigest | ParsedId;
