import { tailOf } from "../../base/process/tail";
import { clipped, withoutCredentials } from "./quoted";

/**
 * What a failed rebuild shows. `gone`: the recipe can't be repeated from its lock, which is proven. `out of order`: an
 * index, an archive or the machine failed. `can't tell`: neither is proven.
 */
export interface Judgement {
  answer: "gone" | "out of order" | "can't tell";
  /** A sentence without its full stop. */
  reason: string;
}

export const gone = (reason: string): Judgement => ({ answer: "gone", reason });
export const outOfOrder = (reason: string): Judgement => ({ answer: "out of order", reason });
export const cantTell = (reason: string): Judgement => ({ answer: "can't tell", reason });

/** How many lines of a tool's output are repeated, and how many characters of each. */
const SHOWN = { lines: 4, characters: 300 };

/** Lines of a tool's output as one text, each of them once. */
export function said(lines: readonly string[]): string {
  const words = [...new Set(lines)].slice(0, SHOWN.lines).map((line) => tailOf(line, 1).trim());
  return words.map((line) => clipped(withoutCredentials(line), SHOWN.characters)).join("; ");
}
