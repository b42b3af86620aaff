import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InputError } from "../provider/inputs/failure";
import { isVerifiedImagesError } from "../provider/base/errors/base";
import { messageOf } from "../provider/base/errors/message";
import { GIT_SECONDS, gitIn } from "../provider/base/git/git";
import { lockHash } from "../provider/packages/lock/canonical";
import { isScitexLock, parseScitexLock } from "../provider/packages/lock/scitex";
import { findScitexBuild } from "../provider/store/scitex/builds";
import { scitexLock } from "../provider/store/scitex/verification";
import { parseLock } from "../provider/packages/lock/parse";
import type { Lock } from "../provider/packages/lock/types";
import { StoreError } from "../provider/base/errors/store-error";
import { findBuild, type FoundBuild } from "../provider/store/find-image";
import { existingRoot } from "./store-root";
import type { World } from "./world";

/** A lock, and warnings about it. */
interface FoundLock {
  lock: Lock;
  warnings: string[];
  /** `<name>:<timestamp>` of the build; left out for a lock file. */
  reference?: string;
}

/** Whether a name is that of a file. An artifact's name contains no slash and does not end in `.lock`. */
function namesFile(name: string): boolean {
  return name.includes("/") || name.endsWith(".lock");
}

/** The lock of a build. If it was changed since the build, there is a warning. */
export async function lockOfBuild({ paths, record }: FoundBuild): Promise<FoundLock> {
  const bytes = await readFile(paths.lock).catch((error: unknown) => {
    throw new StoreError(`the lock ${paths.lock} can't be read`, paths.lock, { cause: error });
  });
  const now = lockHash(bytes);
  const changed = `the lock of ${record.reference} is not the one that was built (${record.lockHash} then, ${now} now)`;
  return {
    lock: parseLock(bytes),
    warnings: now === record.lockHash ? [] : [changed],
    reference: record.reference,
  };
}

/** A file's bytes; null: there is no such file. */
async function bytesOf(file: string): Promise<Buffer | null> {
  return await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}

/** A lock file's text in git, by `<revision>:<path>`, as `git show` takes it; null: the name has not that form. */
async function textInGit(name: string, directory: string): Promise<string | null> {
  if (!/^[^:-][^:]*:./.test(name)) return null;
  const { stdout } = await gitIn(directory, GIT_SECONDS)(["cat-file", "blob", name]);
  return stdout;
}

async function lockOfFile(file: string, directory: string): Promise<FoundLock> {
  const wrong = (reason: string): InputError => new InputError([{ property: file, reason }]);
  let bytes: Buffer | string | null;
  try {
    bytes = (await bytesOf(resolve(directory, file))) ?? (await textInGit(file, directory));
  } catch (error) {
    throw wrong(`can't be read (${messageOf(error)})`);
  }
  if (bytes === null)
    throw wrong("is no file; name a build, a lock file, or one in git as <revision>:<path>");
  try {
    const text = bytes.toString();
    return { lock: isScitexLock(text) ? parseScitexLock(text) : parseLock(bytes), warnings: [] };
  } catch (error) {
    throw isVerifiedImagesError(error) ? wrong(error.message) : error;
  }
}

/**
 * The lock that a name stands for: that of a build in the store, or a lock file on disk or in git.
 *
 * @throws {InputError} when there is none
 */
export async function lockOf(name: string, root: string | undefined, world: World): Promise<FoundLock> {
  if (namesFile(name)) return await lockOfFile(name, world.directory);
  const store = await existingRoot(root, world.env);
  const build = await findBuild(store, name);
  if (build !== null) return await lockOfBuild(build);
  const foreign = await findScitexBuild(store, name);
  if (foreign !== null) return { lock: await scitexLock(foreign), warnings: [], reference: name };
  throw new InputError([{ property: name, reason: `the store ${store} has no such build` }]);
}
