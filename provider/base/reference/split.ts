/** The parts of a reference as they were written: not checked, and nothing filled in. */
export interface WrittenParts {
  /** The host; null where none was written. */
  registry: string | null;
  /** What follows the host, without tag and digest. */
  repository: string;
  tag: string | null;
  digest: string | null;
}

/**
 * Cuts a reference where Docker cuts it. The first component is a host only if it holds a dot or a colon, is
 * `localhost`, or has an upper-case letter (which no repository may have); else it is part of the repository.
 */
export function splitReference(text: string): WrittenParts {
  const at = text.indexOf("@");
  const named = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? null : text.slice(at + 1);
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const name = tagged ? named.slice(0, colon) : named;
  const tag = tagged ? named.slice(colon + 1) : null;
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  return looksLikeHost(first)
    ? { registry: first, repository: name.slice(slash + 1), tag, digest }
    : { registry: null, repository: name, tag, digest };
}

function looksLikeHost(component: string): boolean {
  return /[.:]/.test(component) || component === "localhost" || component !== component.toLowerCase();
}
