import { createHash } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ContextError, changedWhileRead, unreadable } from "./errors";
import { factsOf } from "./stat-cache";

const CHUNK = 256 * 1024;

/** Read only; never through a link that took the file's place, and never waiting for a pipe that did. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * SHA-256 of a regular file's content as 64 hex digits, read in pieces of 256 KiB and never beyond the size
 * that `stats` gave.
 *
 * @throws ContextError when the file can't be read, or isn't what `stats` said before and after reading.
 */
export async function contentHash(
  location: Buffer,
  stats: BigIntStats,
  signal?: AbortSignal,
): Promise<string> {
  const path = location.toString("utf8");
  let file: FileHandle | null = null;
  try {
    file = await open(location, FLAGS);
    if (await differs(file, stats)) throw changedWhileRead(path);
    const { hex, bytes } = await hashOf(file, stats.size, signal);
    if (bytes !== stats.size || (await differs(file, stats))) throw changedWhileRead(path);
    return hex;
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
  size: bigint,
  signal?: AbortSignal,
): Promise<{ hex: string; bytes: bigint }> {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(Number(size < CHUNK ? size + 1n : BigInt(CHUNK)));
  let bytes = 0n;
  while (bytes <= size) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    bytes += BigInt(bytesRead);
  }
  return { hex: hash.digest("hex"), bytes };
}

async function differs(file: FileHandle, stats: BigIntStats): Promise<boolean> {
  const now = await file.stat({ bigint: true });
  return !now.isFile() || factsOf(now) !== factsOf(stats);
}
