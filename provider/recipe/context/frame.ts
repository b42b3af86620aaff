import type { BigIntStats } from "node:fs";

/** First bytes of what is hashed: another way of framing gets another line, and so other hashes. */
export const FRAME_HEADER = "verified-images context 1\n";

/** The permission bits, setuid, setgid and sticky: all that Docker carries over into an image. */
const MODE_BITS = 0o7777;

/** What an entry is, as one letter of its frame. */
export type EntryKind = "d" | "f" | "l" | "p" | "s" | "c" | "b";

/** The kind of a file, told without opening it. */
export function kindOf(stats: BigIntStats): EntryKind {
  if (stats.isFile()) return "f";
  if (stats.isDirectory()) return "d";
  if (stats.isSymbolicLink()) return "l";
  if (stats.isFIFO()) return "p";
  if (stats.isSocket()) return "s";
  return stats.isCharacterDevice() ? "c" : "b";
}

/**
 * One entry as bytes: kind, mode bits, path and payload, the last two with their lengths in front, so that two
 * different trees can't have the same bytes. A link has no mode: systems differ in what they say of it.
 *
 * @param path One character for each byte.
 * @param payload A file's content hash, a link's target, a device's number; empty for all others.
 */
export function frame(kind: EntryKind, mode: number, path: string, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(11 + path.length + payload.length);
  bytes.write(kind, 0, "latin1");
  bytes.writeUInt16BE(kind === "l" ? 0 : mode & MODE_BITS, 1);
  bytes.writeUInt32BE(path.length, 3);
  bytes.writeUInt32BE(payload.length, 7);
  bytes.write(path, 11, "latin1");
  payload.copy(bytes, 11 + path.length);
  return bytes;
}
