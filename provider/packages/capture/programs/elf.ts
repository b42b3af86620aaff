/** What the first bytes of an ELF file say (System V gABI, chapters 4 and 5). All offsets are in the file. */
export interface ElfFile {
  /** 64 bits, else 32. */
  wide: boolean;
  littleEndian: boolean;
  /** Ranges that become writable memory of the program. Null if they are not listed at the start of the file. */
  writable: { start: number; end: number }[] | null;
  /** Where the part begins that is not loaded when the program runs: its notes for tools, and the list of sections. */
  loadedEnd: number;
  /** The list of sections. */
  sections: { offset: number; entry: number; count: number; names: number };
}

/** A section's name and range. */
interface ElfSection {
  name: string;
  offset: number;
  size: number;
}

/** How many of a file's first bytes are needed. The list of segments follows the header in nearly all programs. */
export const ELF_HEAD = 4096;

/** The length of the header of a 64-bit file. A 32-bit file of that length holds no program either. */
export const ELF_LEAST = 64;

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const LOADED = 1;
const WRITABLE = 2;

/** Whether a file that starts with these bytes, at least four, may be an ELF file. */
export function isElf(head: Buffer): boolean {
  return head.subarray(0, 4).equals(MAGIC);
}

/**
 * Reads the header and the list of segments.
 *
 * @param head the first {@link ELF_HEAD} bytes, or the whole file if it is shorter
 * @returns null if this is no ELF file
 */
export function readElf(head: Buffer): ElfFile | null {
  if (!isElf(head) || head.length < ELF_LEAST) return null;
  const wide = head[4] === 2;
  const littleEndian = head[5] === 1;
  const read = reader(head, wide, littleEndian);
  const segments = {
    offset: read.word(wide ? 32 : 28),
    entry: read.half(wide ? 54 : 42),
    count: read.half(wide ? 56 : 44),
  };
  const sections = {
    offset: read.word(wide ? 40 : 32),
    entry: read.half(wide ? 58 : 46),
    count: read.half(wide ? 60 : 48),
    names: read.half(wide ? 62 : 50),
  };
  const known =
    segments.entry >= (wide ? 56 : 32) && segments.offset + segments.entry * segments.count <= head.length;
  if (!known) return { wide, littleEndian, writable: null, loadedEnd: 0, sections };
  const loaded = Array.from({ length: segments.count }, (_, at) => segments.offset + at * segments.entry)
    .filter((at) => read.int(at) === LOADED)
    .map((at) => ({
      start: read.word(at + (wide ? 8 : 4)),
      end: read.word(at + (wide ? 8 : 4)) + read.word(at + (wide ? 32 : 16)),
      writable: (read.int(at + (wide ? 4 : 24)) & WRITABLE) !== 0,
    }));
  return {
    wide,
    littleEndian,
    writable: loaded.filter(({ writable }) => writable),
    loadedEnd: Math.max(0, ...loaded.map(({ end }) => end)),
    sections,
  };
}

/**
 * The sections of a file.
 *
 * @param tail the file's bytes from `start` to its end
 * @returns null if the list or the names are not in these bytes
 */
export function readSections(file: ElfFile, tail: Buffer, start: number): ElfSection[] | null {
  const { wide, littleEndian, sections } = file;
  const { offset, entry, count, names } = sections;
  const at = offset - start;
  if (count === 0 || entry < (wide ? 64 : 40) || names >= count) return [];
  if (at < 0 || at + entry * count > tail.length) return null;
  const read = reader(tail, wide, littleEndian);
  const found = Array.from({ length: count }, (_, index) => at + index * entry).map((header) => ({
    nameAt: read.int(header),
    offset: read.word(header + (wide ? 24 : 16)),
    size: read.word(header + (wide ? 32 : 20)),
  }));
  const table = found[names];
  const from = (table?.offset ?? 0) - start;
  if (table === undefined || from < 0 || from + table.size > tail.length) return null;
  const text = tail.subarray(from, from + table.size);
  return found.map(({ nameAt, ...range }) => ({ name: nameIn(text, nameAt), ...range }));
}

/** A name, up to its zero byte. Longer ones than any that is looked for are cut. */
function nameIn(text: Buffer, at: number): string {
  const name = text.subarray(at, at + 32);
  const end = name.indexOf(0);
  return name.subarray(0, end < 0 ? name.length : end).toString("latin1");
}

interface Reader {
  half(at: number): number;
  int(at: number): number;
  /** An offset or a size. Beyond 2^53 it is no longer exact, and no file is that long. */
  word(at: number): number;
}

function reader(bytes: Buffer, wide: boolean, littleEndian: boolean): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    half: (at) => view.getUint16(at, littleEndian),
    int: (at) => view.getUint32(at, littleEndian),
    word: (at) => (wide ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian)),
  };
}
