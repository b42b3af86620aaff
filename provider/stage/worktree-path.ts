import { isAbsolute, posix, relative, sep } from "node:path";
import { withoutEnd } from "../base/words/cut";

/** A work tree's path here and on the engine's host; both absolute. */
export interface WorktreeMap {
  /** The path for this process. */
  worktree: string;
  /** The path on the engine's host; POSIX. */
  onHost: string;
}

/**
 * Where a path inside the work tree is on the engine's host.
 *
 * @param path absolute, as this process sees it
 * @returns null: the path is outside the work tree
 */
export function pathOnHost(path: string, map: WorktreeMap): string | null {
  const inside = relative(map.worktree, path);
  if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null;
  const joined = posix.join(map.onHost, inside.split(sep).join("/"));
  return joined.length > 1 ? withoutEnd(joined, "/") : joined;
}
