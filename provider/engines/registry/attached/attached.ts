import type { Digest } from "../../../base/reference/types";

/** What an attachment is, as far as its name says. A manifest that only names its subject is a referrer. */
export type AttachedKind = "signature" | "attestation" | "sbom" | "referrer";

/** What an index says of one manifest (OCI image spec, descriptors). */
export interface Descriptor {
  mediaType: string;
  digest: Digest;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
}

/** A manifest that belongs to another one in the same repository: a signature, an attestation, an SBOM. */
export interface Attachment {
  kind: AttachedKind;
  /** How many of them the manifest holds: cosign keeps all signatures of an image in one manifest. */
  count: number;
  /** The manifest that it belongs to. */
  about: Digest;
  digest: Digest;
  /** The tag by which it is found; null: by its subject. */
  tag: string | null;
  /** How a list of referrers names it. */
  descriptor: Descriptor;
}

/** All that belongs to an image in its repository. */
export interface Attached {
  repository: string;
  image: Digest;
  /** What belongs to another attachment comes after it. */
  items: Attachment[];
  /** Why the registry was not asked for referrers, so that there may be more; null: it was asked. */
  unasked: string | null;
}

/** How many attachments one promotion copies. */
export const MOST = 1_000;
/** How many bytes they may have, by what their manifests say. */
export const MOST_BYTES = 1024 ** 3;
/** How many bytes a list of referrers may have: what registries take as a manifest (OCI distribution spec). */
export const MOST_INDEX_BYTES = 4 * 1024 ** 2;
