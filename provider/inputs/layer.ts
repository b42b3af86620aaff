/** What an artifact may be called; also a valid Docker repository name. */
export const LAYER = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/** Longest name; leaves room for a timestamp within a file name. */
export const LAYER_CHARACTERS = 128;

/** A layer's name made of a resource's name: lower case, other characters to `-`. Pure. */
export function layerFromName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/[._-]{2,}/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
}
