import { type EscapeCharacter } from "./directives";
import { RecipeError } from "./error";

/** A `--name` or `--name=value` between the keyword and the arguments. Its range is that of the text as written. */
export interface FlagToken {
  start: number;
  end: number;
  /** Without quotes and escapes, as BuildKit reads it. */
  text: string;
  /** For each character of `text` its index in the joined line. */
  indices: readonly number[];
}

interface Tokens {
  /** In upper case. Under ONBUILD it is that of the triggered instruction. */
  keyword: string;
  onbuild: boolean;
  keywordStart: number;
  keywordEnd: number;
  flags: FlagToken[];
  /** Everything after the flags, without the white space around it. */
  rest: { text: string; start: number; end: number };
}

/** What Go's `unicode.IsSpace` takes for white space. */
const SPACE = /[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/;

/**
 * Cuts one instruction, whose continuation lines have been joined, as BuildKit's frontend does. Indices are those of
 * the joined line.
 *
 * @throws {RecipeError} for ONBUILD without an instruction after it
 */
export function tokenise(joined: string, escape: EscapeCharacter, line: number): Tokens {
  const outer = cut(joined, 0, escape);
  if (outer.keyword !== "ONBUILD") return { ...outer, onbuild: false };
  if (outer.rest.text === "") throw new RecipeError("ONBUILD needs an instruction after it.", line);
  return { ...cut(joined, outer.rest.start, escape), onbuild: true };
}

function cut(joined: string, from: number, escape: EscapeCharacter): Omit<Tokens, "onbuild"> {
  const end = trimmedEnd(joined);
  const keywordStart = afterSpace(joined, from, end);
  const length = joined.slice(keywordStart, end).search(/[\t\v\f\r ]/);
  const keywordEnd = length === -1 ? end : keywordStart + length;
  const { flags, next } = leadingFlags(joined, keywordEnd, end, escape);
  const start = afterSpace(joined, next, end);
  const keyword = joined.slice(keywordStart, keywordEnd).toUpperCase();
  return { keyword, keywordStart, keywordEnd, flags, rest: { text: joined.slice(start, end), start, end } };
}

/** The flags, up to the first word that is none. A word `--` ends them too, and is dropped. */
function leadingFlags(
  joined: string,
  from: number,
  end: number,
  escape: EscapeCharacter,
): { flags: FlagToken[]; next: number } {
  const flags: FlagToken[] = [];
  let next = afterAsciiSpace(joined, from);
  while (next < end && joined.startsWith("--", next)) {
    const flag = flagAt(joined, next, end, escape);
    next = afterAsciiSpace(joined, flag.end);
    if (flag.text === "--") break;
    flags.push(flag);
  }
  return { flags, next };
}

/** The word that starts at an index, without its quotes and escapes. */
function flagAt(joined: string, start: number, end: number, escape: EscapeCharacter): FlagToken {
  let text = "";
  const indices: number[] = [];
  let quote = "";
  let at = start;
  for (; at < end; at++) {
    const char = joined[at] as string;
    if (quote === "" && SPACE.test(char)) break;
    if (quote === "" ? char === '"' || char === "'" : char === quote) {
      quote = quote === "" ? char : "";
      continue;
    }
    if (char === escape) at++;
    if (at >= end) break;
    text += joined[at] as string;
    indices.push(at);
  }
  return { start, end: Math.min(at, end), text, indices };
}

/**
 * The words of an ARG or ENV, as written. Quotes and escapes stay. A quote or an escape keeps white space in a word.
 *
 * @param text what follows the keyword and the flags
 */
export function assignmentWords(text: string, escape: EscapeCharacter): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote === "" && SPACE.test(char)) {
      if (word !== "") words.push(word);
      word = "";
    } else if (char === escape && quote !== "'") {
      // An escape character at the very end escapes nothing, and is dropped.
      if (++at < text.length) word += char + (text[at] as string);
    } else {
      word += char;
      if (char === quote) quote = "";
      else if (quote === "" && (char === '"' || char === "'")) quote = char;
    }
  }
  if (word !== "") words.push(word);
  return words;
}

function afterSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && SPACE.test(text[at] as string)) at++;
  return at;
}

/** BuildKit looks for flags byte by byte, so other white space ends them. */
function afterAsciiSpace(text: string, from: number): number {
  let at = from;
  while (/^[\t\n\v\f\r ]$/.test(text.charAt(at))) at++;
  return at;
}

function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && SPACE.test(text[end - 1] as string)) end--;
  return end;
}
