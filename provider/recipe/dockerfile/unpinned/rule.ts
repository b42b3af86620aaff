import { type ShellCall } from "../shell-calls";
import { type ShellWord } from "../shell-commands";
import { type UnpinnedKind } from "./kinds";

/** Why a call is not pinned, and the word that shows it. */
export interface UnpinnedCall {
  kind: UnpinnedKind;
  reason: string;
  word: ShellWord;
}

/** What is known about a RUN and the instructions before it. */
export interface RunFacts {
  /** All calls of the RUN, in order. */
  calls: readonly ShellCall[];
  /** What the RUN exports, as `NAME=value`. */
  exported: readonly ShellWord[];
  /** True if the shell ends at the first command that fails (`set -e`). */
  strict: boolean;
  /** Expands a word with the ARGs and ENVs that hold for the RUN; null if they are unknown. */
  expand: (written: string) => string | null;
  /** The versions of the Debian packages in the lock, by name. */
  debs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Like `expand`, but it also knows variables that the RUN itself sets to a plain value. */
  value: (written: string) => string | null;
  /**
   * Whether one of the files is there for a call: in its directory or one above it, and with `below` also in one below.
   * Only files are known that instructions bring in by name or from the context.
   */
  brings: (call: ShellCall, files: readonly string[], below: boolean) => boolean;
}

/** Finds what one kind of program fetches without a pin. */
export type Rule = (call: ShellCall, facts: RunFacts) => UnpinnedCall[];

/** The words of a call that are not options. */
export function operandsOf({ args }: ShellCall): string[] {
  return args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
}

/** Whether a call has one of the options, also as `--option=value`. */
export function hasOption({ args }: ShellCall, ...options: readonly string[]): boolean {
  return args.some(({ text }) => options.some((option) => text === option || text.startsWith(`${option}=`)));
}

/** A finding at the word that names the program. */
export function atProgram({ word }: ShellCall, kind: UnpinnedKind, reason: string): UnpinnedCall[] {
  return [{ kind, reason, word }];
}

/** Whether an ENV or ARG of the recipe turns a switch on. */
export function isOn(facts: RunFacts, variable: string): boolean {
  return /^(?:1|true|yes|on)$/i.test(facts.expand(`$${variable}`) ?? "");
}

/** The value of a variable for one call: its own, or that of an `export` in the RUN, or the recipe's. Empty if unknown. */
export function setting(
  { environment }: ShellCall,
  { exported, expand }: RunFacts,
  variable: string,
): string {
  const own = [...exported, ...environment.assigned].findLast(({ text }) => text.startsWith(`${variable}=`));
  return own ? own.text.slice(variable.length + 1) : (expand(`$${variable}`) ?? "");
}
