import { crc32 } from "node:zlib";

/** A file in a zip; `path` has forward slashes and ASCII names only. */
export interface ZipEntry {
  path: string;
  content: string | Buffer;
}

// 1 January 1980, 00:00, in the format's own encoding (APPNOTE.TXT 4.4.6).
const DATE = (0 << 9) | (1 << 5) | 1;

/** A zip with stored (uncompressed) entries, without zip64 (APPNOTE.TXT 4.3): same entries, same bytes. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.path, "ascii");
    const data = Buffer.from(entry.content);
    const common = commonFields(name, data);
    const local = Buffer.concat([signature(0x04034b50), common, name, data]);
    const directory = Buffer.alloc(14);
    directory.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    directory.writeUInt32LE(offset, 10);
    // "Made by" 3.0 on Unix, so that the mode bits in the external attributes count.
    central.push(signature(0x02014b50), Buffer.from([30, 3]), common, directory, name);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, signature(0x06054b50), end]);
}

/** The 26 bytes that local and central headers share: needed version up to the extra field's length. */
function commonFields(name: Buffer, data: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
