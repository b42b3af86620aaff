import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ContextError, unreadable } from "./errors";

/**
 * The directories that are inside the context, as paths relative to it, with slashes. Directories outside it, or that
 * contain it, are dropped. Symbolic links are resolved on both sides. A directory needn't exist yet.
 *
 * @throws {ContextError} (`context-exclusion-invalid`) when one of them is the context itself
 */
export async function contextExclusions(context: string, directories: readonly string[]): Promise<string[]> {
  const root = await realpath(context).catch((error: unknown) => {
    throw unreadable(context, error);
  });
  const inside: string[] = [];
  for (const directory of directories) {
    const path = relative(root, await realpathOfMissing(resolve(directory)));
    if (path === "") {
      throw new ContextError(
        "context-exclusion-invalid",
        directory,
        `${directory} is the build context itself, so it can't be left out of it. ` +
          "Put the artifact store into a directory of its own, inside the context or outside it.",
      );
    }
    if (path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path))
      inside.push(path.split(sep).join("/"));
  }
  return inside;
}

/** The real path of something whose last components need not exist. */
export async function realpathOfMissing(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path)
      throw unreadable(path, error);
    return join(await realpathOfMissing(dirname(path)), basename(path));
  }
}
