import { type SqlitePages, sqlitePages } from "./sqlite-pages";

/** A value of a row: its bytes, and SQLite's serial type, which says how to read them. */
interface SqliteValue {
  serial: number;
  bytes: Buffer;
}

const INTERIOR = 5;
const LEAF = 13;
/** SQLite's own limit for the depth of a tree. */
const MAX_DEPTH = 20;
const MAX_COLUMNS = 100;
/** How many bytes values of the serial types 0 to 9 have. 10 and 11 do not occur in files. */
const FIXED = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/**
 * The rows of one table of an SQLite 3 file, in the order of their row IDs ("Database File Format", sections 1.6 and
 * 2). It only reads tables. It runs no SQL, views or triggers, so a hostile file can't keep it busy for longer than its
 * size allows. Changes in a write-ahead log are not seen.
 *
 * @throws {Error} when the file is cut or malformed, and when it has no such table, or several
 */
export function* sqliteRows(content: Buffer, table: string): Generator<SqliteValue[]> {
  const pages = sqlitePages(content);
  let root: number | null = null;
  for (const [type, name, , page] of rowsBelow(pages, 1, 0)) {
    if (textOf(type) === "table" && textOf(name) === table) {
      if (root !== null) {
        throw new Error(`is malformed: it has two tables '${table}'`);
      }
      root = integerOf(page);
    }
  }
  if (root === null) {
    throw new Error(`has no table '${table}'`);
  }
  yield* rowsBelow(pages, root, 0);
}

export function isBlob({ serial }: SqliteValue): boolean {
  return serial >= 12 && serial % 2 === 0;
}

function textOf(value: SqliteValue | undefined): string | null {
  return value !== undefined && value.serial >= 13 && value.serial % 2 === 1
    ? value.bytes.toString("utf8")
    : null;
}

function integerOf(value: SqliteValue | undefined): number {
  return value !== undefined && value.serial >= 1 && value.serial <= 5
    ? value.bytes.readUIntBE(0, value.bytes.length)
    : 0;
}

function* rowsBelow(pages: SqlitePages, number: number, depth: number): Generator<SqliteValue[]> {
  const page = pages.take(number);
  const header = number === 1 ? 100 : 0;
  const kind = page[header];
  if ((kind !== INTERIOR && kind !== LEAF) || depth > MAX_DEPTH) {
    throw new Error(`is malformed: page ${number} is no page of a table`);
  }
  const cells = page.readUInt16BE(header + 3);
  const pointers = header + (kind === LEAF ? 8 : 12);
  let room = page.length;
  for (let cell = 0; cell < cells; cell += 1) {
    const at = page.readUInt16BE(pointers + cell * 2);
    if (kind === INTERIOR) {
      yield* rowsBelow(pages, page.readUInt32BE(at), depth + 1);
    } else {
      const { payload, local } = payloadAt(pages, page, at);
      room -= local;
      if (room < 0) {
        throw new Error(`is malformed: the cells of page ${number} overlap`);
      }
      yield valuesOf(payload);
    }
  }
  if (kind === INTERIOR) {
    yield* rowsBelow(pages, page.readUInt32BE(header + 8), depth + 1);
  }
}

/** The payload of a leaf's cell, and how many of its bytes are in the leaf itself. The rest is in overflow pages. */
function payloadAt(pages: SqlitePages, page: Buffer, cell: number): { payload: Buffer; local: number } {
  const [size, afterSize] = varint(page, cell);
  const [, start] = varint(page, afterSize);
  const { usable } = pages;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const spilled = least + ((size - least) % (usable - 4));
  const most = usable - 35;
  const local = size <= most ? size : spilled <= most ? spilled : least;
  const pieces = [part(page, start, start + local)];
  let rest = size - local;
  let next = rest > 0 ? page.readUInt32BE(start + local) : 0;
  while (rest > 0) {
    const overflow = pages.take(next);
    const length = Math.min(rest, usable - 4);
    pieces.push(overflow.subarray(4, 4 + length));
    rest -= length;
    next = overflow.readUInt32BE(0);
  }
  return { payload: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), local };
}

function valuesOf(record: Buffer): SqliteValue[] {
  const values: SqliteValue[] = [];
  const [headerSize, first] = varint(record, 0);
  let body = headerSize;
  for (let at = first; at < headerSize;) {
    const [serial, next] = varint(record, at);
    const size = serial >= 12 ? Math.floor((serial - 12) / 2) : FIXED[serial];
    if (size === undefined || values.length === MAX_COLUMNS) {
      throw new Error("is malformed: it has a value of an unknown type, or too many columns");
    }
    values.push({ serial, bytes: part(record, body, body + size) });
    body += size;
    at = next;
  }
  return values;
}

/**
 * Reads a variable-length integer. Returns it and where it ends. Above 2^53 it is not exact, but no valid one is so
 * large.
 */
function varint(bytes: Buffer, at: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes.readUInt8(at + index);
    if (index === 8) {
      return [value * 256 + byte, at + 9];
    }
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      return [value, at + index + 1];
    }
  }
  throw new RangeError();
}

function part(bytes: Buffer, start: number, end: number): Buffer {
  if (end > bytes.length) {
    throw new Error("is malformed: it has a value that does not fit in its place");
  }
  return bytes.subarray(start, end);
}
