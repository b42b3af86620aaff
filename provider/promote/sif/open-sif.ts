import { constants } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { createHash } from "node:crypto";
import { parseImageId } from "../../base/reference/digest";
import type { ImageId } from "../../base/reference/types";
import { refused, SifPathError } from "./errors";

/** Bytes that are read at once. */
const CHUNK = 4 * 1024 * 1024;

/**
 * Opens the file at a path; null: there is none, although its folder is there.
 *
 * @throws {SifPathError} when that can't be told: the folder is not there (perhaps its file system is not mounted), or the
 *   path is no plain file, or may not be read
 */
export async function openSif(path: string): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK, opening a pipe waits for somebody who writes to it.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT" && (await isFolder(dirname(path)))) return null;
    if (code === "ENOENT" || code === "ENOTDIR") {
      const what = `its folder ${dirname(path)} is not there; make the folder, or mount its file system`;
      throw new SifPathError(path, what, { cause: error }, true);
    }
    throw refused(path, "can't be read", error);
  }
  const isFile = await handle.stat().then((facts) => facts.isFile());
  if (isFile) return handle;
  await handle.close();
  throw new SifPathError(path, "is no plain file; a SIF image is one file, so name another path");
}

const isFolder = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );

/** The hash of an open file, which is the ID of a SIF image. */
export async function hashOf(handle: FileHandle): Promise<ImageId> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK, at);
    if (bytesRead === 0) return parseImageId(`sha256:${hash.digest("hex")}`);
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/** The ID of the image at a path; null: there is none. Whether it is a SIF at all is not looked at. */
export async function idAt(path: string): Promise<ImageId | null> {
  const handle = await openSif(path);
  if (handle === null) return null;
  try {
    return await hashOf(handle);
  } catch (error) {
    throw refused(path, "can't be read", error);
  } finally {
    await handle.close();
  }
}
