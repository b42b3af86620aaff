/** What a made ELF file has: segments as they are loaded, and sections that are not. */
interface ElfParts {
  segments?: { bytes: Buffer; writable?: boolean }[];
  sections?: Record<string, Buffer>;
  /** Change what the header and the section list say, where a test needs a lie. */
  lie?: { sectionSize?: number; sectionCount?: number; sectionList?: number };
}

const HEADER = 64;
const SEGMENT = 56;
const SECTION = 64;
/** Where the first segment stands. A place for more segments than any test has. */
const START = 1024;

/** The bytes of a 64-bit little-endian ELF file. Each segment begins at a multiple of 16. */
export function elf({ segments = [], sections = {}, lie = {} }: ElfParts): Buffer {
  const head = Buffer.alloc(START);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const parts: Buffer[] = [head];
  let length = START;
  const add = (bytes: Buffer): number => {
    const padding = (16 - (length % 16)) % 16;
    parts.push(Buffer.alloc(padding), bytes);
    const at = length + padding;
    length = at + bytes.length;
    return at;
  };
  head.writeBigUInt64LE(BigInt(HEADER), 32);
  head.writeUInt16LE(SEGMENT, 54);
  head.writeUInt16LE(segments.length, 56);
  segments.forEach(({ bytes, writable = false }, index) => {
    const at = HEADER + index * SEGMENT;
    head.writeUInt32LE(1, at);
    head.writeUInt32LE(writable ? 6 : 4, at + 4);
    head.writeBigUInt64LE(BigInt(add(bytes)), at + 8);
    head.writeBigUInt64LE(BigInt(bytes.length), at + 32);
  });
  const names = ["", ".names", ...Object.keys(sections)];
  const table = Buffer.from(names.map((name) => `${name}\0`).join(""));
  const contents = [Buffer.alloc(0), table, ...Object.values(sections)];
  const list = Buffer.alloc(SECTION * names.length);
  contents.forEach((bytes, index) => {
    const before = names.slice(0, index).map((name) => `${name}\0`);
    list.writeUInt32LE(before.join("").length, index * SECTION);
    list.writeBigUInt64LE(BigInt(add(bytes)), index * SECTION + 24);
    const size = index > 1 ? (lie.sectionSize ?? bytes.length) : bytes.length;
    list.writeBigUInt64LE(BigInt(size), index * SECTION + 32);
  });
  head.writeBigUInt64LE(BigInt(lie.sectionList ?? add(list)), 40);
  head.writeUInt16LE(SECTION, 58);
  head.writeUInt16LE(lie.sectionCount ?? names.length, 60);
  head.writeUInt16LE(1, 62);
  return Buffer.concat(parts);
}
