/** What an artifact may be called; also a valid Docker repository name. */
export const NAME = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest name; leaves room for a timestamp within a file name. */
export const NAME_CHARACTERS = 128;

/** An artifact's name made of a resource's name: lower case, other characters to `-`. */
export function nameFromResource(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
}
