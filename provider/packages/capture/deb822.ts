import { isUtf8 } from "node:buffer";
import { quoted } from "./errors";

/** A stanza: its values, by field name in lower case. */
export type Deb822Stanza = ReadonlyMap<string, string>;

/** A field name: printable ASCII without space or colon, not starting with `#` or `-` (Debian policy 5.1). */
const FIELD = /^([!"$-,.-9;-~][!-9;-~]*)[ \t]*:[ \t]*/;

/**
 * The stanzas of a Debian control file (Debian policy 5.1, deb822(5)). They are given one at a time, so that a large
 * database is never in memory twice. The case of field names does not matter. Folded and multi-line values keep their
 * line breaks, but lose the first blank of each line. Stanzas are separated by empty lines or lines of blanks. Lines
 * that start with `#` are comments. CRLF is read as LF.
 *
 * @param keep lower-case names of the fields to return; default: all. All fields are checked, whether returned or not.
 * @throws {Error} that names the line, for anything else than a field, a continuation, a comment or an empty line, for
 *   a field that a stanza has twice, for NUL bytes, and for bytes that are not UTF-8
 */
export function* deb822Stanzas(
  content: Buffer | string,
  keep?: ReadonlySet<string>,
): Generator<Deb822Stanza> {
  const text = typeof content === "string" ? content : decodeUtf8(content);
  let stanza = new Map<string, string>();
  let names = new Set<string>();
  let current: string | null = null;
  let number = 0;
  for (const line of linesOf(text)) {
    number += 1;
    if (line.includes("\0")) {
      throw new Error(`is malformed in line ${number}: it has a NUL byte`);
    }
    if (/^[ \t]*$/.test(line)) {
      if (names.size > 0) {
        yield stanza;
      }
      stanza = new Map();
      names = new Set();
      current = null;
    } else if (line.startsWith(" ") || line.startsWith("\t")) {
      if (current === null) {
        throw new Error(`is malformed in line ${number}: it continues a field, but none has begun`);
      }
      const value = stanza.get(current);
      if (value !== undefined) {
        stanza.set(current, `${value}\n${line.slice(1)}`);
      }
    } else if (!line.startsWith("#")) {
      const match = FIELD.exec(line);
      if (match === null) {
        throw new Error(`is malformed in line ${number}: expected 'Field: value', found ${quoted(line)}`);
      }
      current = match[1]!.toLowerCase();
      if (names.has(current)) {
        throw new Error(
          `is malformed in line ${number}: the stanza has the field ${quoted(match[1]!)} twice`,
        );
      }
      names.add(current);
      if (keep === undefined || keep.has(current)) {
        stanza.set(current, line.slice(match[0].length).trimEnd());
      }
    }
  }
  if (names.size > 0) {
    yield stanza;
  }
}

/**
 * Decodes UTF-8.
 *
 * @throws {Error} for bytes that are not UTF-8
 */
export function decodeUtf8(content: Buffer): string {
  if (!isUtf8(content)) {
    throw new Error("has bytes that are not UTF-8");
  }
  return content.toString("utf8");
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const stop = end < 0 ? text.length : end;
    yield text.slice(start, text[stop - 1] === "\r" && stop > start ? stop - 1 : stop);
    start = stop + 1;
  }
}
