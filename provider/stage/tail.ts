import { tailOf } from "../base/process/tail";
import { TAIL_CHARACTERS } from "./errors";

/** Lines that are looked at for it. */
const LINES = 50;

/** The last 200 characters of an output as plain text, by code points, without surrounding white space. */
export function lastCharacters(output: string): string {
  const text = [...tailOf(output, LINES).trim()];
  return text.slice(-TAIL_CHARACTERS).join("").trim();
}
