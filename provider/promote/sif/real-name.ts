import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * The one name of what is at a path, whatever symbolic links lead to its folder. The last part is not followed, because a
 * promotion replaces that. If the folder can't be found, the path stands for itself.
 */
export async function realName(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}

/** Two paths that are the same file, in one sentence; null: each is a file of its own. */
export async function sameFile(paths: readonly string[]): Promise<string | null> {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const name = await realName(path);
    const before = seen.get(name);
    if (before !== undefined) return `${before} and ${path} are the same file (${name}); name it once`;
    seen.set(name, path);
  }
  return null;
}
