/** A here-document that an instruction opens. */
export interface HeredocMarker {
  /** The line that ends the body, quotes and escapes already removed. */
  terminator: string;
  /** `<<-`: tabs before the terminator are ignored. */
  chomp: boolean;
}

const CARRIERS = /^\s*(?:ONBUILD\s+)?(?:RUN|COPY|ADD)\s+(.*)$/is;

/**
 * The here-documents that a whole instruction (continuation lines joined) opens, in their order. Only RUN, COPY
 * and ADD, also under ONBUILD and not in JSON form, open any; a marker is a word of its own (`<<EOF`, `<<-"EOF"`,
 * `3<<EOF`), so `"a <<b"`, `<<<` and `1 << 2` are none (Dockerfile reference, "Here-Documents").
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

/** True where the text after the flags is a JSON array of strings (the "exec form"). */
function isJsonForm(carried: string): boolean {
  return execForm(carried.replace(/^(?:--\S+\s+)+/, "")) !== null;
}

/** The strings of the exec form, or null where `text` is no JSON array of strings. */
export function execForm(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : null;
  } catch {
    // By the Dockerfile reference whatever is no valid JSON array is shell form.
    return null;
  }
}

/** Words with their quotes kept; null where a quote is never closed. */
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
