import { InvalidReferenceError } from "./errors";
import { imageIdHex, isDigest } from "./grammar";
import type { ConfigDigest, Digest, ImageId, ManifestDigest, RegistryDigest } from "./types";

/** How many hex digits of an ID or digest are shown to people, as Docker does. */
const SHOWN = 12;

/** @throws {InvalidReferenceError} when it is neither sha256: and 64 lower-case hex digits nor sha512: and 128 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new InvalidReferenceError(text, "it is no digest, which is sha256: and 64 lower-case hex digits");
}

/** Whether a text has the form of an image ID. Every digest has this form, because an image ID is a digest. */
export const isImageId = (text: string): text is ImageId => isDigest(text);

/**
 * Reads an image ID, with or without `sha256:` before its 64 hex digits.
 *
 * @throws {InvalidReferenceError} as {@link parseDigest} does
 */
export function parseImageId(text: string): ImageId {
  const hex = imageIdHex(text);
  const long = hex === null ? text : `sha256:${hex}`;
  if (isImageId(long)) return long;
  throw new InvalidReferenceError(text, "it is no image ID, which is sha256: and 64 lower-case hex digits");
}

/** Marks a digest as that of a configuration. Only for one that was read where a configuration is named. */
export const asConfigDigest = (digest: Digest): ConfigDigest => digest as ConfigDigest;

/** Marks a digest as that of the manifest of one image. */
export const asManifestDigest = (digest: Digest): ManifestDigest => digest as ManifestDigest;

/** Marks a digest as that of a manifest or index. */
export const asRegistryDigest = (digest: Digest): RegistryDigest => digest as RegistryDigest;

/** Whether two digests are the same, whatever kinds of content they are known to be of. */
export const isSameDigest = (one: Digest, other: Digest): boolean => one === other;

/** The first 12 hex digits, for people only: two images can have the same. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha(?:256|512):/, "").slice(0, SHOWN);
}
