import { isAbsolute, posix, relative, sep } from "node:path";

/** A work tree, and where the engine's host sees it; both absolute. */
export interface WorktreeMap {
  /** Where the program finds it. */
  worktree: string;
  /** Where the engine's host finds it; POSIX. */
  onHost: string;
}

/**
 * Where the engine's host sees a path of the work tree: what is below the one is below the other.
 *
 * @param path absolute, as the program sees it
 * @returns null for a path outside the work tree
 */
export function pathOnHost(path: string, map: WorktreeMap): string | null {
  const inside = relative(map.worktree, path);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
  const joined = posix.join(map.onHost, ...inside.split(sep));
  return joined.length > 1 ? joined.replace(/\/+$/, "") : joined;
}
