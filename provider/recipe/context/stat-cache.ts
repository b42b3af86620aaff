import type { BigIntStats } from "node:fs";

/** What is remembered of one file. */
export interface CachedContent {
  /** What the file system said of it when it was hashed. */
  facts: string;
  /** SHA-256 of its content, 64 hex digits. */
  sha256: string;
}

/**
 * Remembers the hashes of files by absolute path, so that an unchanged file is not read again; a `Map` will do.
 * What it holds is believed: keep it where only the user can write.
 */
export interface StatCache {
  get(path: string): CachedContent | undefined;
  set(path: string, content: CachedContent): unknown;
}

/** How long a file must have been left alone before its hash is remembered, in milliseconds. */
const SETTLED_MS = 2_000;

/** What tells an unchanged file: device, inode, size, and the times of content and inode in nanoseconds. */
export function factsOf(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}

/** The remembered hash of an unchanged file; null when there is none, or it has no hash's form. */
export function recall(cache: StatCache | undefined, path: string, stats: BigIntStats): string | null {
  const known = cache?.get(path);
  return known?.facts === factsOf(stats) && /^[a-f0-9]{64}$/.test(known.sha256) ? known.sha256 : null;
}

/**
 * Remembers a hash, unless the file was touched within the last two seconds: a second write within the same
 * tick of the file system's clock would leave all facts as they were.
 *
 * @param now Milliseconds since the epoch.
 */
export function remember(
  cache: StatCache | undefined,
  path: string,
  stats: BigIntStats,
  sha256: string,
  now: number,
): void {
  const touched = Number(stats.ctimeMs > stats.mtimeMs ? stats.ctimeMs : stats.mtimeMs);
  if (now - touched >= SETTLED_MS) cache?.set(path, { facts: factsOf(stats), sha256 });
}
