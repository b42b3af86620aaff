import { RecipeError } from "../dockerfile/error";
import type { PhysicalLine } from "../dockerfile/physical-lines";
import type { HeaderValue } from "./types";
import { hasVariable, type Variables } from "./variables";

/** The keys that the engine knows, beside `OtherURL` with a number. */
const KEYS = new Set(
  (
    "bootstrap from includecmd mirrorurl updateurl osversion include library registry namespace stage product user " +
    "regcode productpgp registerurl modules fingerprints confurl setopt target frontend filename buildargs"
  ).split(" "),
);

/** One line of a header, with its number. */
export interface HeaderLine extends PhysicalLine {
  number: number;
}

/**
 * Reads the header of a stage: `Key: value` in any case, with or without a space, with comments. A backslash at the end of
 * a line goes on in the next one.
 *
 * @throws {RecipeError} for a line without a colon, and for a key that the engine does not know
 */
export function readHeader(
  text: string,
  lines: readonly HeaderLine[],
  expand: Variables["expand"],
): Map<string, HeaderValue> {
  const header = new Map<string, HeaderValue>();
  let open: { key: string; value: string; line: number } | null = null;
  for (const { start, end, number } of lines) {
    const written = text.slice(start, end);
    const line = expand(written, number).trim();
    if (line === "" || line.startsWith("#")) {
      if (open !== null) header.set(open.key, { value: open.value, line: open.line, range: null });
      open = null;
      continue;
    }
    const bare = line.split("#")[0] ?? "";
    const colon = bare.indexOf(":");
    if (open === null && colon === -1) {
      throw new RecipeError(`"${bare.trim()}" is no line of a header; write it as \`Key: value\``, number);
    }
    const key: string = open?.key ?? bare.slice(0, colon).trim().toLowerCase();
    const value: string = (open?.value ?? "") + (open === null ? bare.slice(colon + 1) : bare).trim();
    const first: number = open?.line ?? number;
    const isWhole = open === null && !hasVariable(written);
    open = null;
    if (value.endsWith("\\")) {
      open = { key, value: value.slice(0, -1).replace(/\\n$/, "\n"), line: first };
      continue;
    }
    if (!KEYS.has(key) && !/^otherurl\d+$/.test(key)) {
      throw new RecipeError(`the header has the unknown key "${key}"`, first);
    }
    const at = isWhole && value !== "" ? written.indexOf(value, written.indexOf(":") + 1) : -1;
    const range = at === -1 ? null : { start: start + at, end: start + at + value.length };
    header.set(key, { value, line: first, range });
  }
  if (open !== null) header.set(open.key, { value: open.value, line: open.line, range: null });
  return header;
}
