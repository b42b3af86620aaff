import { open } from "node:fs/promises";
import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";

/** A file is no SIF image that can be read: cut short, damaged, encrypted, or something else. */
export class SifError extends VerifiedImagesError {
  constructor(
    readonly file: string,
    detail: string,
    options?: { cause?: unknown },
  ) {
    super("sif", `${file} can't be read as a SIF image: ${detail}; build or copy it again`, options);
  }
}

/** Where a SIF image keeps its file system. */
export interface SystemPartition {
  offset: number;
  size: number;
}

/** The header and the table of descriptors, little endian (sylabs/sif, format version 01). */
const HEADER_BYTES = 128;
const MAGIC = { at: 32, text: "SIF_MAGIC\0" };
const COUNT_AT = 88;
const TABLE_AT = 96;
const DESCRIPTOR_BYTES = 585;
/** More descriptors than the tools that write such files ever make. */
const MOST_DESCRIPTORS = 4_096;

const PARTITION = 0x4004;
const SQUASHFS = 1;
const ENCRYPTED_SQUASHFS = 5;
const PRIMARY_SYSTEM = 2;
const OVERLAY = 4;

/**
 * Finds the file system of a SIF image.
 *
 * @param path where it can be opened
 * @param file what messages call it
 * @throws {SifError} where the file is none, is cut short, or has no squashfs that can be read
 */
export async function systemPartition(path: string, file = path): Promise<SystemPartition> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw new SifError(file, messageOf(error), { cause: error });
  });
  try {
    const { size } = await handle.stat();
    const read = async (at: number, length: number): Promise<Buffer> => {
      if (at < 0 || at + length > size) throw new SifError(file, "it is cut short");
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
      if (bytesRead !== length) throw new SifError(file, "it is cut short");
      return buffer;
    };
    const isSif =
      size >= HEADER_BYTES &&
      (await read(0, HEADER_BYTES)).toString("latin1", MAGIC.at, MAGIC.at + MAGIC.text.length) === MAGIC.text;
    if (!isSif) throw new SifError(file, "it does not begin like one");
    const header = await read(0, HEADER_BYTES);
    const count = numberAt(header, COUNT_AT);
    if (count === null || count > MOST_DESCRIPTORS)
      throw new SifError(file, "its table of contents is damaged");
    const table = numberAt(header, TABLE_AT);
    if (table === null) throw new SifError(file, "its table of contents is damaged");
    const descriptors = await read(table, count * DESCRIPTOR_BYTES);
    let system: SystemPartition | null = null;
    for (let at = 0; at < descriptors.length; at += DESCRIPTOR_BYTES) {
      const found = systemAt(descriptors.subarray(at, at + DESCRIPTOR_BYTES), file);
      if (found === null) continue;
      if (found.offset + found.size > size) throw new SifError(file, "it is cut short");
      if (system !== null) throw new SifError(file, "it has more than one primary file system");
      system = found;
    }
    if (system === null) throw new SifError(file, "it has no primary file system");
    return system;
  } finally {
    await handle.close();
  }
}

/** The partition of one descriptor; null: it is about something else. */
function systemAt(bytes: Buffer, file: string): SystemPartition | null {
  const isUsed = bytes.readUInt8(4) !== 0;
  if (!isUsed || bytes.readInt32LE(0) !== PARTITION) return null;
  if (bytes.readInt32LE(205) === OVERLAY)
    throw new SifError(file, "it has an overlay, whose files hide those of the image when it runs");
  if (bytes.readInt32LE(205) !== PRIMARY_SYSTEM) return null;
  const kind = bytes.readInt32LE(201);
  if (kind === ENCRYPTED_SQUASHFS) throw new SifError(file, "its file system is encrypted");
  if (kind !== SQUASHFS) throw new SifError(file, `its file system is of kind ${kind}, and no squashfs`);
  const [offset, size] = [numberAt(bytes, 17), numberAt(bytes, 25)];
  if (offset === null || size === null) throw new SifError(file, "its table of contents is damaged");
  return { offset, size };
}

/** A number of eight bytes; null: it is negative, or larger than any file. */
function numberAt(bytes: Buffer, at: number): number | null {
  const value = bytes.readBigInt64LE(at);
  return value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}
