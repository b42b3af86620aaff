import { InvalidReferenceError } from "./errors";
import { canonical, familiar } from "./format";
import { isInRegistry } from "./in-registry";
import { parseReference } from "./parse";
import type { Digest, DigestReference, TagReference } from "./types";

/**
 * Reads a tag, and writes it out in the one form in which tags are compared: with the host where one was written, since
 * that is what makes it a registry's; else as Docker prints it.
 *
 * @throws {InvalidReferenceError} when it is no reference, or one without a tag
 */
export function parseTagReference(text: string): TagReference {
  const reference = parseReference(text);
  if (reference.kind !== "tag")
    throw new InvalidReferenceError(text, "it names an image for ever, and no tag");
  return (isInRegistry(reference) ? canonical(reference) : familiar(reference)) as TagReference;
}

/** Whether a text is a tag that is written out already. */
export function isTagReference(text: string): text is TagReference {
  try {
    return parseTagReference(text) === text;
  } catch (error) {
    if (error instanceof InvalidReferenceError) return false;
    throw error;
  }
}

/**
 * The name of a content in a repository.
 *
 * @param repository host and path
 */
export function digestReference(repository: string, digest: Digest): DigestReference {
  return `${repository}@${digest}` as DigestReference;
}
