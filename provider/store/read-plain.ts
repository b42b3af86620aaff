import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { StoreError } from "../base/errors/store-error";

/**
 * Opens a file of the store for reading; null when there is none. A pipe, a socket or a device in a file's place is
 * refused at once: to read it could wait for ever.
 *
 * @param what what the file is, for the error
 * @throws {StoreError} when it can't be read, or is no plain file
 */
export async function openPlain(file: string, what: string): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody who writes to it.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`${what} ${file} can't be read`, file, { cause: error });
  }
  try {
    if ((await handle.stat()).isFile()) return handle;
  } catch (error) {
    await handle.close();
    throw new StoreError(`${what} ${file} can't be read`, file, { cause: error });
  }
  await handle.close();
  const words = `${what} ${file} can't be read: it is no plain file; remove it, and build or verify again`;
  throw new StoreError(words, file);
}

/**
 * The text of a file of the store; null when there is none.
 *
 * @throws {StoreError} when it can't be read, or is no plain file
 */
export async function readPlain(file: string, what: string): Promise<string | null> {
  const handle = await openPlain(file, what);
  if (handle === null) return null;
  try {
    return await handle.readFile("utf8");
  } catch (error) {
    throw new StoreError(`${what} ${file} can't be read`, file, { cause: error });
  } finally {
    await handle.close();
  }
}
