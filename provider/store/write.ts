import { open, rename, rm, symlink } from "node:fs/promises";
import { basename } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { StoreError } from "../base/errors/store-error";
import { refusalOf } from "../base/errors/system-error";
import { nameBeside } from "../base/process/leftovers";

/** For files that everybody on the machine may read. */
const PUBLIC = 0o644;
/** For files that can hold a credential: their owner may read them, whatever the umask is. */
const PRIVATE = 0o600;

/** Writes a whole file or nothing, by a temporary file, fsync and rename. */
export async function writeAtomic(file: string, content: string): Promise<void> {
  await written(file, writeFileAtomic(file, content, { encoding: "utf8", mode: PUBLIC }));
}

/** @throws {StoreError} when the operating system refuses to write; the error itself has no path then */
async function written(file: string, writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    const why = refusalOf(cause);
    if (why === null) throw cause;
    throw new StoreError(`${file} can't be written: ${why}`, file, { cause });
  }
}

/** The same for a file that can hold a credential. */
export async function writePrivate(file: string, content: string): Promise<void> {
  await written(file, writeFileAtomic(file, content, { encoding: "utf8", mode: PRIVATE }));
}

/** Makes an empty log that only its owner may read, or empties one. */
export async function emptyLog(file: string): Promise<void> {
  const handle = await open(file, "w", PRIVATE);
  try {
    await handle.chmod(PRIVATE);
  } finally {
    await handle.close();
  }
}

/** Points a relative symlink to a file beside it, in one step: a reader sees the old target or the new one. */
export async function pointAtomic(link: string, target: string): Promise<void> {
  const temporary = nameBeside(link);
  try {
    await symlink(basename(target), temporary);
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
