import { tailOf } from "../base/process/tail";
import { TAIL_CHARACTERS } from "./errors";

/** How many lines at the end are looked at. */
const LINES = 50;

/** The last 200 characters of an output as plain text, without white space around them; characters are code points. */
export function lastCharacters(output: string): string {
  const text = [...tailOf(output, LINES).trim()];
  return text.slice(-TAIL_CHARACTERS).join("").trim();
}
