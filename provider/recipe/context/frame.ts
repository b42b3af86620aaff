import type { BigIntStats } from "node:fs";

/** The first bytes that are hashed. If the form of the frames changes, this line changes, so all hashes change. */
export const FRAME_HEADER = "verified-images context 2\n";

/** The owner's bit for execution: all that git remembers of a mode. The other bits depend on a machine's umask. */
const EXECUTABLE = 0o100;

/** What an entry is. This letter is part of its frame. */
export type EntryKind = "d" | "f" | "l" | "p" | "s" | "c" | "b";

/** The kind of a file. The file is not opened. */
export function kindOf(stats: BigIntStats): EntryKind {
  if (stats.isFile()) return "f";
  if (stats.isDirectory()) return "d";
  if (stats.isSymbolicLink()) return "l";
  if (stats.isFIFO()) return "p";
  if (stats.isSocket()) return "s";
  return stats.isCharacterDevice() ? "c" : "b";
}

/**
 * One entry as bytes: kind, whether it is an executable file, path and payload. Path and payload have their lengths in
 * front, so that two different trees never have the same bytes. Only a file counts with a mode.
 *
 * @param path one character for each byte (latin1)
 * @param payload a file's content hash, a link's target, a device's number; empty for all others
 */
export function frame(kind: EntryKind, mode: number, path: string, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(11 + path.length + payload.length);
  bytes.write(kind, 0, "latin1");
  bytes.writeUInt16BE(kind === "f" && (mode & EXECUTABLE) !== 0 ? 1 : 0, 1);
  bytes.writeUInt32BE(path.length, 3);
  bytes.writeUInt32BE(payload.length, 7);
  bytes.write(path, 11, "latin1");
  payload.copy(bytes, 11 + path.length);
  return bytes;
}
