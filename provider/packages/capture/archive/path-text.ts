/** Nothing to escape and nothing to decode: printable ASCII without a backslash. */
const PLAIN = /^[ -[\]-~]*$/;

/** One character: a whole UTF-8 sequence (RFC 3629, section 4), or any single byte. */
const CHARACTER =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[^]/g;

/** Control characters, line breaks of any kind, and marks without width or that turn the direction of writing. */
const HIDDEN = /[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/**
 * A path of a file system as text. A path is made of bytes, and any of them may be in it. The text is unambiguous:
 * different bytes give different text.
 * - UTF-8 is decoded.
 * - A byte that is not part of UTF-8, and each byte of a control character or an invisible one, becomes `\xNN`.
 * - A backslash becomes `\\`.
 *
 * `/` and `.` stay as they are. So the text can be split at slashes, and it never has a line break.
 *
 * @param bytes one character for each byte (Latin-1)
 */
export function pathText(bytes: string): string {
  return PLAIN.test(bytes) ? bytes : bytes.replace(CHARACTER, characterText);
}

/** {@link pathText} of a path that was read as text. */
export function escapedPath(text: string): string {
  return PLAIN.test(text) ? text : pathText(Buffer.from(text, "utf8").toString("latin1"));
}

function characterText(bytes: string): string {
  if (bytes === "\\") return "\\\\";
  const text = Buffer.from(bytes, "latin1").toString("utf8");
  const whole = bytes.length > 1 || bytes < "\x80";
  if (whole && !HIDDEN.test(text)) return text;
  return [...bytes].map((byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, "0")}`).join("");
}
