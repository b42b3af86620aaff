import { constants, copyFile, link, lstat, open, readdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beginningBeside, isAbandoned } from "../../base/process/leftovers";

/** Removes what crashed promotions to a path have left beside it. */
export async function sweepBeside(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  for (const name of names) {
    if (!name.startsWith(beginningBeside(path)) || !isAbandoned(name)) continue;
    await rm(join(dirname(path), name), { force: true }).catch(() => undefined);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** Where a hard link can't be made: on another file system, on one without links, to somebody else's file, or to one more. */
const NO_LINK = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Gives a file a second name, or where that can't be, makes a copy that is on the disk when this returns. */
async function linkOrCopy(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    if (!NO_LINK.has(codeOf(error))) throw error;
    await copyFile(file, name, constants.COPYFILE_EXCL);
    const copy = await open(name, "r");
    try {
      await copy.datasync();
    } finally {
      await copy.close();
    }
  }
}

/**
 * Makes the content of a file available under another name. Where the file system can (Btrfs, XFS), it is a copy that shares
 * the blocks on the disk, so that who writes to one writes to it alone. Otherwise it is a hard link, or a copy.
 */
export async function cloneOrLink(file: string, name: string): Promise<void> {
  const made = await copyFile(file, name, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
  if (made) return;
  await rm(name, { force: true });
  await linkOrCopy(file, name);
}

/** Gives what is at a path a second name, a symbolic link as such. false: nothing is there. */
export async function keepAs(path: string, name: string): Promise<boolean> {
  try {
    if ((await lstat(path)).isSymbolicLink()) await symlink(await readlink(path), name);
    else await linkOrCopy(path, name);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}
