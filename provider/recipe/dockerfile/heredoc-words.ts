export interface HeredocMarker {
  /** The line that ends the body, without quotes and escapes. */
  terminator: string;
  /** True for `<<-`: tabs before the terminator are ignored. */
  chomp: boolean;
}

const CARRIERS = /^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s+(.*)$/is;

/**
 * The here-documents that a whole instruction opens, in order. Its continuation lines must be joined. Only RUN, COPY
 * and ADD can open them, also under ONBUILD, but not in JSON form. A marker is a word of its own (`<<EOF`, `<<-"EOF"`,
 * `3<<EOF`), so `"a <<b"`, `<<<` and `1 << 2` are no markers (Dockerfile reference, "Here-Documents").
 */
export function heredocMarkers(instruction: string): HeredocMarker[] {
  if (!instruction.includes("<<")) return [];
  const carried = CARRIERS.exec(instruction)?.[1];
  if (carried === undefined || isJsonForm(carried)) return [];
  const markers: HeredocMarker[] = [];
  for (const word of shellWords(carried) ?? []) {
    const match = /^\d*<<(-?)([^<]*)$/s.exec(word);
    const terminator = match && unquote(match[2] as string);
    if (match && terminator) markers.push({ terminator, chomp: match[1] === "-" });
  }
  return markers;
}

/** Whether the text after the flags is a JSON array of strings (the "exec form"). */
function isJsonForm(carried: string): boolean {
  return execForm(carried.replace(/^(?:--\S+\s+)+/, "")) !== null;
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

/** The words, with their quotes; null if a quote is never closed. */
function shellWords(text: string): string[] | null {
  const words: string[] = [];
  let word = "";
  let quote = "";
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string;
    if (char === "\\" && quote !== "'") {
      word += char + (text[++index] ?? "");
    } else if (quote !== "") {
      word += char;
      if (char === quote) quote = "";
    } else if (/\s/.test(char)) {
      if (word !== "") words.push(word);
      word = "";
    } else {
      if (char === '"' || char === "'") quote = char;
      word += char;
    }
  }
  if (word !== "") words.push(word);
  return quote === "" ? words : null;
}

function unquote(word: string): string {
  return word.replace(/\\(.)|["']/gs, (_, escaped: string | undefined) => escaped ?? "");
}
