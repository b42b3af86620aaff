import type { BigIntStats } from "node:fs";

/** A file as the file system had it at one moment. */
export interface Seen {
  /** What tells it from a changed one, see {@link factsOf}. */
  facts: string;
  /** When it or its content was last touched; milliseconds since the epoch. */
  touched: number;
}

/** Hashes that are remembered of a context's files. What it holds is believed. */
export interface StatCache {
  /** Path -> facts, a space, and the SHA-256 of the content as 64 hex digits. */
  known: ReadonlyMap<string, string>;
  /** Takes what is known now in place of what was. */
  keep(known: ReadonlyMap<string, string>): void;
}

/**
 * How long a file must have been left alone before its hash is remembered, in milliseconds. Within one tick of the file
 * system's clock (FAT: 2 s) a second write leaves all facts as they were; git calls such files racy.
 */
const SETTLED_MS = 2_000;

/** How much of a remembered text is the hash. */
const DIGITS = 64;

/**
 * What tells an unchanged file: device, inode, mode, size, and the times of content and inode in nanoseconds. Programs
 * can set the time of the content as they like, but not that of the inode.
 */
export function factsOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${mode} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** The remembered hash of an unchanged file, as bytes; null when there is none, or it has no hash's form. */
export function recall(known: string | undefined, facts: string): Buffer | null {
  if (known?.length !== facts.length + 1 + DIGITS || !known.startsWith(facts)) return null;
  const hash = Buffer.from(known.slice(-DIGITS), "hex");
  return hash.length === DIGITS / 2 ? hash : null;
}

/**
 * What to remember of a file; null where it was touched shortly before it was read, or after.
 *
 * @param before when reading began, or earlier; milliseconds since the epoch
 */
export function remembered({ facts, touched }: Seen, hash: Buffer, before: number): string | null {
  return before - touched >= SETTLED_MS ? `${facts} ${hash.toString("hex")}` : null;
}
