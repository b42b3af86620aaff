import { isEnvironment } from "./paths";

/** File name by which a directory says that it is a cache (Cache Directory Tagging Specification). */
export const CACHE_TAG = "CACHEDIR.TAG";

/**
 * True for unpacked packages in an installer's cache: below a directory `.cache`, or below one that has a
 * cache tag. Nothing imports them from there, and their directories have random names. An environment is
 * never a cache, although tools tag those, too.
 */
export function isCached(root: string, tagged: ReadonlySet<string>): boolean {
  if (isEnvironment(root)) {
    return false;
  }
  const parts = root.split("/");
  return parts.some((part, at) => part === ".cache" || tagged.has(parts.slice(0, at + 1).join("/")));
}
