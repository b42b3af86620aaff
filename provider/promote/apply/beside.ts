import { randomBytes } from "node:crypto";
import { constants, copyFile, link, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAbandoned, makerMark } from "../../base/process/leftovers";

/** A new name in the folder of a path, hidden, which says who made it. */
export function nameBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${makerMark()}.${randomBytes(4).toString("hex")}`);
}

/** Removes what crashed promotions to a path have left beside it. */
export async function sweepBeside(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  for (const name of names) {
    if (!name.startsWith(`.${basename(path)}.`) || !isAbandoned(name)) continue;
    await rm(join(dirname(path), name), { force: true }).catch(() => undefined);
  }
}

/** Where a hard link can't be made: on another file system, on one without links, to somebody else's file, or to one more. */
const NO_LINK = new Set(["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Gives a file a second name, or where that can't be, makes a copy that is on the disk when this returns. */
export async function linkOrCopy(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!NO_LINK.has(code)) throw error;
    await copyFile(file, name, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const copy = await open(name, "r+");
    try {
      await copy.datasync();
    } finally {
      await copy.close();
    }
  }
}
