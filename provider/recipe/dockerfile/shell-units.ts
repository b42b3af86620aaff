import { VARIABLE_NAME } from "./expand";

/** How deeply substitutions may be nested before a text counts as one that can't be read. */
const MAXIMUM_DEPTH = 50;

/**
 * Where the unit that starts at an index ends: quoted text, an escaped character, a variable, a substitution such as
 * `${NAME:-word}`, `<<` with the white space after it, or else one character. Null if it has no end, or if it is a
 * substitution of a form that Docker does not know. The escape character is a backslash.
 */
export function unitEnd(text: string, at: number, depth = 0): number | null {
  const char = text[at];
  if (char === "\\") return Math.min(at + 2, text.length);
  if (char === "'") return found(text.indexOf("'", at + 1));
  if (char === '"') return doubleQuotedEnd(text, at + 1, depth);
  if (char === "$") return variableEnd(text, at + 1, depth);
  if (text.startsWith("<<", at)) return at + 2 + (/^[\t\r ]*/.exec(text.slice(at + 2))?.[0].length ?? 0);
  return at + 1;
}

function doubleQuotedEnd(text: string, start: number, depth: number): number | null {
  for (let at: number | null = start; at !== null && at < text.length;) {
    if (text[at] === '"') return at + 1;
    const units: boolean = text[at] === "$" || /^\\["$\\]/.test(text.slice(at, at + 2));
    at = units ? unitEnd(text, at, depth) : at + 1;
  }
  return null;
}

function variableEnd(text: string, start: number, depth: number): number | null {
  if (text[start] !== "{") return start + nameLength(text, start);
  if (depth > MAXIMUM_DEPTH || ["{", "}", ":"].includes(text[start + 1] ?? "}")) return null;
  const at = start + 1 + nameLength(text, start + 1);
  const operator = text.slice(at, at + 2);
  if (operator.startsWith("}")) return at + 1;
  if (operator.startsWith("/")) {
    const pattern = endAfter(text, at + (operator === "//" ? 2 : 1), "/", depth);
    return pattern === null ? null : endAfter(text, pattern, "}", depth);
  }
  if (operator.startsWith(":")) return /^:[#%]/.test(operator) ? null : endAfter(text, at + 2, "}", depth);
  return /^[-+?#%]/.test(operator) ? endAfter(text, at + 1, "}", depth) : null;
}

/** The index after the next `stop` that is not inside another unit. */
function endAfter(text: string, start: number, stop: string, depth: number): number | null {
  for (let at: number | null = start; at !== null && at < text.length; at = unitEnd(text, at, depth + 1)) {
    if (text[at] === stop) return at + 1;
  }
  return null;
}

function nameLength(text: string, at: number): number {
  VARIABLE_NAME.lastIndex = at;
  return VARIABLE_NAME.exec(text)?.[0].length ?? 0;
}

function found(index: number): number | null {
  return index === -1 ? null : index + 1;
}
