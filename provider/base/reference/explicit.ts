import { InvalidReferenceError } from "./errors";
import { canonical, familiar } from "./format";
import { isInRegistry } from "./in-registry";
import { parseReference } from "./parse";
import type { Digest, DigestReference, TagReference } from "./types";

/**
 * Reads a tag reference, and writes it in the one form in which tag references are compared. If it names a host, the
 * host stays: that makes it a registry's. Otherwise it gets the form that Docker prints.
 *
 * @throws {InvalidReferenceError} when it is no reference, or one by ID or digest
 */
export function parseTagReference(text: string): TagReference {
  const reference = parseReference(text);
  if (reference.kind !== "tag")
    throw new InvalidReferenceError(text, "it names an image by ID or digest, but a tag is needed here");
  return (isInRegistry(reference) ? canonical(reference) : familiar(reference)) as TagReference;
}

/**
 * Makes a digest reference.
 *
 * @param repository host and path
 */
export function digestReference(repository: string, digest: Digest): DigestReference {
  return `${repository}@${digest}` as DigestReference;
}
