import { type ShellCall } from "../shell-calls";
import { type ShellWord } from "../shell-commands";
import { type UnpinnedKind } from "./kinds";

/** Why a call can't be pinned, and the word that shows it. */
export interface UnpinnedCall {
  kind: UnpinnedKind;
  reason: string;
  word: ShellWord;
}

/** What is known where a RUN stands. */
export interface RunFacts {
  /** All calls of the RUN, in their order. */
  calls: readonly ShellCall[];
  /** True where the shell ends at the first failed command (`set -e`). */
  strict: boolean;
  /** A word with the ARGs and ENVs of this place; null where that can't be told. */
  expand: (written: string) => string | null;
  /** The Debian packages of the lock: name to versions. */
  debs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Whether an instruction before it brings this file in by name (`COPY composer.lock ./`). */
  copied: (file: string) => boolean;
}

/** What one kind of program fetches past every lock. */
export type Rule = (call: ShellCall, facts: RunFacts) => UnpinnedCall[];

/** The call's words without options. */
export function operandsOf({ args }: ShellCall): string[] {
  return args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
}

/** Whether one of the options is there, also as `--option=value`. */
export function hasOption({ args }: ShellCall, ...options: readonly string[]): boolean {
  return args.some(({ text }) => options.some((option) => text === option || text.startsWith(`${option}=`)));
}

/** One finding, at the word that names the program. */
export function atProgram({ word }: ShellCall, kind: UnpinnedKind, reason: string): UnpinnedCall[] {
  return [{ kind, reason, word }];
}

/** Whether an ENV or ARG of the recipe turns a switch on. */
export function isOn(facts: RunFacts, variable: string): boolean {
  return /^(?:1|true|yes|on)$/i.test(facts.expand(`$${variable}`) ?? "");
}
