import { HIDDEN_CREDENTIAL } from "./credentials";

/** A shorter line of a secret, such as `}`, is no secret. In characters. */
const SHORTEST = 6;
/** How many lines of secrets are looked for. */
const MOST = 1000;

/** Makes a function that replaces secrets by `***`: each line of each value, also as an address has it. */
export function hideValues(values: readonly string[]): (text: string) => string {
  const lines = values
    .flatMap((value) => value.split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST);
  const parts = [...new Set(lines.flatMap((line) => [line, inAddress(line)]))]
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST);
  return (text) => parts.reduce((left, part) => left.replaceAll(part, HIDDEN_CREDENTIAL), text);
}

/** A text as a part of an address has it. */
function inAddress(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // A surrogate without its other half.
    return text;
  }
}
