/** The pages of an SQLite file. Each can be taken once, because a sound file refers to each page only once. */
export interface SqlitePages {
  /** How many bytes of a page can hold content. */
  readonly usable: number;
  /** @throws {Error} for a page that does not exist or was taken before */
  take(number: number): Buffer;
}

const MAGIC = "SQLite format 3\0";

/**
 * Opens an SQLite 3 file that is in memory ("Database File Format", section 1.3, the header).
 *
 * @throws {Error} for another format, for a text encoding other than UTF-8, and for a file that is cut
 */
export function sqlitePages(content: Buffer): SqlitePages {
  if (content.length < 512 || content.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw new Error("is no SQLite database, or is cut");
  }
  const size = content.readUInt16BE(16) === 1 ? 65536 : content.readUInt16BE(16);
  const usable = size - content[20]!;
  if (size < 512 || (size & (size - 1)) !== 0 || usable < 480) {
    throw new Error(`is malformed: it has pages of ${size} bytes`);
  }
  if (content.readUInt32BE(56) !== 1) {
    throw new Error("is malformed: its text is not in UTF-8");
  }
  const isCountValid = content.readUInt32BE(24) === content.readUInt32BE(92);
  const pages = content.length / size;
  if (!Number.isInteger(pages) || (isCountValid && content.readUInt32BE(28) > pages)) {
    throw new Error("is cut: it has fewer pages than it says");
  }
  const taken = new Set<number>();
  return {
    usable,
    take(number) {
      if (number < 1 || number > pages || taken.has(number)) {
        throw new Error(`is malformed: it refers to page ${number} twice, or does not have it`);
      }
      taken.add(number);
      return content.subarray((number - 1) * size, (number - 1) * size + usable);
    },
  };
}
