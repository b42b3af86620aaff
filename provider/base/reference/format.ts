import { DEFAULT_REGISTRY, OFFICIAL_NAMESPACE } from "./grammar";
import { parseReference } from "./parse";
import type { Reference } from "./types";

/** The full text of a reference: registry, repository, tag and digest. For an image ID it is the ID. */
export function canonical(reference: Reference): string {
  return reference.kind === "id"
    ? reference.id
    : `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

/**
 * The full text of what `text` names: `debian` becomes `docker.io/library/debian:latest`. Two texts that name
 * the same thing have the same full text.
 *
 * @throws InvalidReferenceError when `text` is no reference.
 */
export function normalise(text: string): string {
  return canonical(parseReference(text));
}

/**
 * The short form that Docker prints: without `docker.io/`, and without `library/` for official images. Parsing it
 * always gives the same reference back. So `docker.io/my.app/web` keeps its host: without it, `my.app` would be read as
 * one.
 */
export function familiar(reference: Reference): string {
  const full = canonical(reference);
  if (reference.kind === "id" || reference.registry !== DEFAULT_REGISTRY) return full;
  const official = reference.repository.startsWith(`${OFFICIAL_NAMESPACE}/`)
    ? [reference.repository.slice(OFFICIAL_NAMESPACE.length + 1)]
    : [];
  const shorter = [...official, reference.repository].map((path) => `${path}${suffix(reference)}`);
  return shorter.find((text) => namesSame(text, full)) ?? full;
}

function suffix(reference: Exclude<Reference, { kind: "id" }>): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  return reference.kind === "digest" ? `${tag}@${reference.digest}` : tag;
}

function namesSame(text: string, full: string): boolean {
  try {
    return normalise(text) === full;
  } catch {
    return false;
  }
}
