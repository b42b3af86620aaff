import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ContextError, changedWhileRead, unreadable } from "./errors";
import { factsOf } from "./stat-cache";

const CHUNK = 256 * 1024;

/** Only for reading. If a link or a pipe has taken the file's place, open does not follow it or wait for it. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * SHA-256 of a regular file's content. It is read in pieces of 256 KiB, and never beyond its size.
 *
 * @param seen what the file was when it was found
 * @throws {ContextError} when the file can't be read, or has changed before or during the reading
 */
export async function contentHash(
  location: Buffer,
  seen: { facts: string; size: number },
  signal?: AbortSignal,
): Promise<Buffer> {
  const path = location.toString("utf8");
  let file: FileHandle | null = null;
  try {
    file = await open(location, FLAGS);
    if (await differs(file, seen.facts)) throw changedWhileRead(path);
    const { digest, bytes } = await hashOf(file, seen.size, signal);
    if (bytes !== seen.size || (await differs(file, seen.facts))) throw changedWhileRead(path);
    return digest;
  } catch (error) {
    if (error instanceof ContextError || signal?.aborted) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ENOENT" || code === "ELOOP" ? changedWhileRead(path, error) : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

async function hashOf(
  file: FileHandle,
  size: number,
  signal?: AbortSignal,
): Promise<{ digest: Buffer; bytes: number }> {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(Math.min(size + 1, CHUNK));
  let bytes = 0;
  while (bytes <= size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    bytes += bytesRead;
  }
  return { digest: hash.digest(), bytes };
}

async function differs(file: FileHandle, facts: string): Promise<boolean> {
  const now = await file.stat({ bigint: true });
  return !now.isFile() || factsOf(now) !== facts;
}
