import { driftLines } from "../../provider/packages/compare/summary";
import { visible } from "../../provider/base/words/visible";
import type { BaseChange, Difference } from "../difference";

function baseLine({ reference, from, to }: BaseChange): string {
  if (from === null) return `added base ${reference} ${to ?? ""}`;
  return to === null ? `removed base ${reference} ${from}` : `changed base ${reference} ${from} -> ${to}`;
}

/** A difference for people, one line for each package and base; if there is none, the summary. */
export function diffText(difference: Difference): string {
  if (difference.identical) return `${difference.summary}\n`;
  const lines = [...driftLines(difference), ...difference.bases.map((base) => visible(baseLine(base)))];
  return lines.map((line) => `${line}\n`).join("");
}
