import { unitEnd } from "./shell-units";

export interface HeredocMarker {
  /** The line that ends the body, without quotes and escapes. */
  terminator: string;
  /** True for `<<-`: tabs before the terminator are ignored. */
  chomp: boolean;
  /** True for `<< EOF` and `<<EOF${A:-b}`, which not every frontend takes for a here-document, as in `1 << 2`. */
  doubtful: boolean;
}

const CARRIERS = new Set(["RUN", "COPY", "ADD"]);

/**
 * The here-documents that a whole instruction opens, in order. Its continuation lines must be joined. Only RUN, COPY
 * and ADD can open them, also under ONBUILD, but not in JSON form. A marker is a word of its own (`<<EOF`, `<< EOF`,
 * `<<-"EOF"`, `3<<EOF`), so `"a <<b"`, `<<<` and `$((1<<2))` are no markers (Dockerfile reference, "Here-Documents").
 *
 * @param rest what follows the keyword and the flags
 */
export function heredocMarkers(instruction: string, keyword: string, rest: string): HeredocMarker[] {
  if (!CARRIERS.has(keyword) || !instruction.includes("<<") || execForm(rest) !== null) return [];
  const markers: HeredocMarker[] = [];
  for (const word of shellWords(instruction) ?? []) {
    const match = /^\d*<<(-?)(\s*)([^<\s][^<]*)?$/.exec(word);
    const terminator = match && unquote(match[3] ?? "");
    if (match && terminator) {
      const doubtful = match[2] !== "" || terminator.includes("${");
      markers.push({ terminator, chomp: match[1] === "-", doubtful });
    }
  }
  return markers;
}

/** The strings of the exec form; null if `text` is no JSON array of strings. */
export function execForm(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
  } catch {
    // The Dockerfile reference says that anything else than a valid JSON array is shell form.
    return null;
  }
}

/**
 * The words, with their quotes. `<<` and the white space after it stay in one word. Null if a quote is never closed, or
 * if a `${` is none that Docker knows: then Docker sees no here-document at all. The escape character is always a
 * backslash here.
 */
function shellWords(text: string): string[] | null {
  const words: string[] = [];
  let word = "";
  let end: number | null = 0;
  for (let at = 0; at < text.length; at = end) {
    end = unitEnd(text, at);
    if (end === null) return null;
    const unit = text.slice(at, end);
    if (/^(?:\s|\$\{)/.test(unit)) {
      // White space divides words in a substitution too, also inside its quotes.
      const [first = "", ...others] = unit.split(/\s+/);
      word += first;
      for (const other of others) {
        if (word !== "") words.push(word);
        word = other;
      }
    } else word += unit;
  }
  if (word !== "") words.push(word);
  return words;
}

/** The text of a word without quotes and escapes. */
function unquote(word: string): string {
  return word.replace(
    /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.?)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replace(/\\(["$\\])/g, "$1") ?? escaped ?? "",
  );
}
