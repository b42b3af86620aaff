import { hideCredentials } from "../../base/words/credentials";
import { withoutUserinfo } from "../../engines/docker/endpoint";
import { tailOf } from "../../base/process/tail";
import type { Place } from "./failed-instruction";

/** How many characters of a command are quoted. */
const COMMAND = 160;
/** How many lines of a command's output are quoted, and how many characters of each. */
const SHOWN = { lines: 3, characters: 200 };

/** Shortens a text. */
export const clipped = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;

/** Takes users and passwords out of addresses, and hides all other credentials. */
export const withoutCredentials = (text: string): string => hideCredentials(withoutUserinfo(text));

/** An instruction as the recipe has it, on one line: `line 3 of the recipe (RUN make)`. */
export function quotedPlace({ instruction }: Place): string {
  const { keyword, flags, args, line } = instruction;
  const start = args.text
    .slice(0, 10 * COMMAND)
    .replace(/\s+/g, " ")
    .trim();
  const whole = [keyword, ...flags.map(({ text }) => text), start].join(" ");
  return `line ${line} of the recipe (${clipped(withoutCredentials(whole), COMMAND)})`;
}

/** The last lines that a command printed, as text for one line. Empty if it printed none. */
export function quotedOutput(printed: readonly string[]): string {
  const last = tailOf(printed.slice(-200).join("\n"), SHOWN.lines);
  const lines = last === "" ? [] : last.split("\n");
  return lines.map((line) => clipped(withoutCredentials(line.trim()), SHOWN.characters)).join(" | ");
}
