const PAGE = 4096;
/** Bytes of a slot, and of a block. Blocks contain the packages' headers. */
const UNIT = 16;
const FILE_HEADER = 32;
const BLOB_HEAD = 16;
const BLOB_TAIL = 12;

/**
 * The package headers in rpm's own database format, `Packages.db` (rpm's ndb backend). The file begins with pages of
 * slots. Each slot names the number and the blocks of a package. The blocks contain a head, the package's header, and a
 * tail. Integers are little-endian.
 *
 * @throws {Error} when the file is of another format or version, is cut, or is malformed
 */
export function* ndbHeaders(content: Buffer): Generator<Buffer> {
  const slotsEnd = content.length < FILE_HEADER ? 0 : content.readUInt32LE(12) * PAGE;
  if (!isMagic(content, 0, "RpmP") || content.readUInt32LE(4) !== 0) {
    throw new Error("is no ndb database of version 0, or is cut");
  }
  if (slotsEnd < PAGE || slotsEnd > content.length || content.length % UNIT !== 0) {
    throw new Error("is cut: it is smaller than it says");
  }
  let rest = content.length;
  for (let slot = FILE_HEADER; slot < slotsEnd; slot += UNIT) {
    if (!isMagic(content, slot, "Slot")) {
      throw new Error("is malformed: it has a slot that is none");
    }
    const start = content.readUInt32LE(slot + 8) * UNIT;
    if (start !== 0) {
      const blob = blobAt(
        content,
        start,
        content.readUInt32LE(slot + 12) * UNIT,
        content.readUInt32LE(slot + 4),
      );
      rest -= blob.length;
      if (start < slotsEnd || rest < 0) {
        throw new Error("is malformed: its packages overlap");
      }
      yield blob;
    }
  }
}

function blobAt(content: Buffer, start: number, space: number, number: number): Buffer {
  const end = start + space;
  if (end > content.length) {
    throw new Error("is cut: it is smaller than it says");
  }
  const tail = end - BLOB_TAIL;
  if (
    space < BLOB_HEAD + BLOB_TAIL ||
    !isMagic(content, start, "BlbS") ||
    !isMagic(content, end - 4, "BlbE") ||
    content.readUInt32LE(start + 4) !== number
  ) {
    throw new Error(`is malformed: package ${number} is not where it should be`);
  }
  const size = content.readUInt32LE(start + 12);
  if (size !== content.readUInt32LE(tail + 4) || size > space - BLOB_HEAD - BLOB_TAIL) {
    throw new Error(`is malformed: package ${number} has another size than it says`);
  }
  return content.subarray(start + BLOB_HEAD, start + BLOB_HEAD + size);
}

function isMagic(content: Buffer, at: number, magic: string): boolean {
  return content.toString("latin1", at, at + 4) === magic;
}
