import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { StoreError } from "../base/errors/store-error";
import { findBuild, type FoundBuild } from "./find-image";
import { TIMESTAMP } from "./timestamp";
import { hashOfFile } from "./verification";

/** The endings of the files that stand for a build. */
const LOCK = /\.(?:lock|sif)$/;

export type FoundFile =
  | { build: FoundBuild }
  /** Why the file stands for no build of the store; a sentence. */
  | { not: string };

/**
 * Whether an artifact is given as a path: an existing file, a link (`<root>/<name>/latest`), or a text that begins or
 * ends like a path. An image reference can contain slashes too, but no such file exists.
 */
export async function isFile(artifact: string): Promise<boolean> {
  if (LOCK.test(artifact) || /^\.{0,2}\//.test(artifact)) return true;
  if (!artifact.includes("/")) return false;
  return (await stat(artifact).catch(() => null))?.isFile() === true;
}

/**
 * The build that a path in the store stands for: `<root>/<name>/<name>-<timestamp>.lock`, an image that is a file
 * beside it (`.sif`), or the link `<root>/<name>/latest` to one of them. An image has to be the one that was built. A copy of such a file outside the store stands for no build.
 *
 * @throws {StoreError} when part of the store can't be read
 */
export async function findBuildOfFile(root: string, path: string): Promise<FoundFile> {
  try {
    const file = await realpath(path);
    const directory = dirname(file);
    const name = basename(directory);
    const home = await realpath(root);
    if (dirname(directory) !== home) return { not: `${path} is not in the store ${root}` };
    const stem = basename(file).replace(LOCK, "");
    const timestamp = stem.slice(name.length + 1);
    const isOne = stem.startsWith(`${name}-`) && TIMESTAMP.test(timestamp) && LOCK.test(file);
    const build = isOne ? await findBuild(root, `${name}:${timestamp}`) : null;
    if (build === null) return { not: `the store ${root} has no build of ${path}` };
    if (file.endsWith(".sif")) {
      const now = await hashOfFile(file);
      if (now !== build.record.imageId) {
        return { not: `${path} is ${now ?? "gone"} now, and not the ${build.record.imageId} that was built` };
      }
    }
    return { build };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return { not: `${path} can't be read (${(error as Error).message})` };
  }
}
