import { readFile } from "node:fs/promises";
import { InputError } from "../provider/inputs/failure";
import { isVerifiedImagesError } from "../provider/base/errors/base";
import { lockHash } from "../provider/packages/lock/canonical";
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
  return { lock: parseLock(bytes), warnings: now === record.lockHash ? [] : [changed] };
}

async function lockOfFile(file: string): Promise<FoundLock> {
  const wrong = (reason: string): InputError => new InputError([{ property: file, reason }]);
  const bytes = await readFile(file).catch((error: unknown) => {
    throw wrong(`can't be read (${(error as Error).message})`);
  });
  try {
    return { lock: parseLock(bytes), warnings: [] };
  } catch (error) {
    throw isVerifiedImagesError(error) ? wrong(error.message) : error;
  }
}

/**
 * The lock that a name stands for: that of a build in the store, or a lock file.
 *
 * @throws {InputError} when there is none
 */
export async function lockOf(name: string, root: string | undefined, world: World): Promise<FoundLock> {
  if (namesFile(name)) return await lockOfFile(name);
  const store = await existingRoot(root, world.env);
  const build = await findBuild(store, name);
  if (build !== null) return await lockOfBuild(build);
  throw new InputError([{ property: name, reason: `the store ${store} has no such build` }]);
}
