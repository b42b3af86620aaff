import type { Digest } from "./types";

/**
 * The grammar of image references, as the distribution project's reference package and the OCI distribution
 * specification ("pulling manifests") define it. All patterns match the whole text and run in linear time.
 */

/** Registry that a name without a host stands for. */
export const DEFAULT_REGISTRY = "docker.io";

/** Older host name of the same registry, which Docker rewrites to {@link DEFAULT_REGISTRY}. */
export const LEGACY_DEFAULT_REGISTRY = "index.docker.io";

/** Namespace of the default registry's official images, which the short form leaves out. */
export const OFFICIAL_NAMESPACE = "library";

/** Tag that a reference without tag and digest stands for. */
export const DEFAULT_TAG = "latest";

/** Most characters of the repository, without the registry; a filled in `library/` counts (distribution/reference 0.6). */
export const MAX_REPOSITORY_LENGTH = 255;

/**
 * More than any valid reference can have: a host name of 253 with a port of 5, a repository of 255, a tag of 128, a
 * digest of 7 + 128, and the separators.
 */
export const MAX_TEXT_LENGTH = 800;

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]+)?$`);
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;
const IMAGE_ID = /^(?:sha256:)?([a-f0-9]{64})$/;

/** True for a host name, IPv4 or bracketed IPv6 address, with optional port. */
export function isRegistryHost(text: string): boolean {
  return HOST.test(text);
}

/** True for a repository path: lower-case components joined by slashes. */
export function isRepositoryPath(text: string): boolean {
  return REPOSITORY.test(text);
}

/** True for a tag: a word character, then up to 127 of word characters, dots and dashes. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** True for a digest of an algorithm that the OCI image specification registers: sha256 or sha512. */
export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/** The 64 hex digits of an image ID, written with or without `sha256:`; null for anything else. */
export function imageIdHex(text: string): string | null {
  return IMAGE_ID.exec(text)?.[1] ?? null;
}
