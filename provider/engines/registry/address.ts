import { isInRegistry } from "../../base/reference/in-registry";
import { isSifPath } from "../../base/reference/sif-path";
import { parseReference } from "../../base/reference/parse";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { RegistryDigest } from "../../base/reference/types";
import { RegistryError } from "./errors";

/** Where an image is in a registry. */
export interface Address {
  /** The registry's host, with its port if it has one. */
  host: string;
  /** Host and path. */
  repository: string;
  /** `repository:tag` or `repository@digest`. A tag beside a digest is left out, because registries ignore it. */
  name: string;
  /** The digest in the reference; null for a tag. */
  digest: RegistryDigest | null;
}

/**
 * Splits a reference to an image in a registry.
 *
 * @throws {RegistryError} when it is an image ID
 * @throws {InvalidReferenceError} when it is no reference
 */
export function addressOf(text: string): Address {
  const reference = parseReference(text);
  if (reference.kind === "id") throw new RegistryError(`${text} is an image ID, and registries know none`);
  const repository = `${reference.registry}/${reference.repository}`;
  const digest = reference.kind === "digest" ? reference.digest : null;
  const name =
    reference.kind === "digest" ? `${repository}@${reference.digest}` : `${repository}:${reference.tag}`;
  return { host: reference.registry, repository, name, digest };
}

/** Whether a text is a reference that names a registry's host. The path of a SIF image never does. */
export function namesRegistry(text: string): boolean {
  try {
    return !isSifPath(text) && isInRegistry(parseReference(text));
  } catch (error) {
    if (isVerifiedImagesError(error)) return false;
    throw error;
  }
}

/** Whether a registry is on this machine. Docker then also uses plain HTTP. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.[0-9]+){3}|\[::1\])(?::[0-9]+)?$/.test(host);
}
