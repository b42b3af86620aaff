import { withoutEnd } from "../base/words/cut";

/** What an artifact may be called. Each such name is also a valid Docker repository name. */
export const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest name, in characters. It leaves room for a timestamp in a file name. */
export const NAME_CHARACTERS = 128;

/** Makes an artifact's name from a resource's name: lower case, with `-` for all other characters. */
export function nameFromResource(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+/, "");
  return withoutEnd(plain, "._-");
}
