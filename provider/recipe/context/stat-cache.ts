import type { BigIntStats } from "node:fs";

export interface Seen {
  /** Differs for a file that has changed; see {@link factsOf}. */
  facts: string;
  /** When the file or its inode was last changed, in milliseconds since 1970. */
  touched: number;
}

/** Remembered hashes of a context's files. They are trusted. */
export interface StatCache {
  /** Path -> facts, a space, and the SHA-256 of the content as 64 hex digits. */
  known: ReadonlyMap<string, string>;
  /** Replaces what was known before. */
  keep(known: ReadonlyMap<string, string>): void;
}

/**
 * A file's hash is remembered only if the file had not changed for so many milliseconds. A second write within one tick
 * of the file system's clock (FAT: 2 s) changes none of the facts; git calls such files racy.
 */
const SETTLED_MS = 2_000;

/** Length of the hash at the end of a remembered text, in characters. */
const DIGITS = 64;

/**
 * The facts by which a changed file is recognised: device, inode, mode, size, and the times of content and inode in
 * nanoseconds. A program can set the time of the content, but not that of the inode.
 */
export function factsOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${mode} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** The remembered hash of an unchanged file, as bytes. Null if there is none, or it does not have the form of a hash. */
export function recall(known: string | undefined, facts: string): Buffer | null {
  if (known?.length !== facts.length + 1 + DIGITS || !known.startsWith(facts)) return null;
  const hash = Buffer.from(known.slice(-DIGITS), "hex");
  return hash.length === DIGITS / 2 ? hash : null;
}

/**
 * What to remember for a file. Null if it changed shortly before it was read, or later.
 *
 * @param before a time at which reading had not begun yet, in milliseconds since 1970
 */
export function remembered({ facts, touched }: Seen, hash: Buffer, before: number): string | null {
  return before - touched >= SETTLED_MS ? `${facts} ${hash.toString("hex")}` : null;
}
