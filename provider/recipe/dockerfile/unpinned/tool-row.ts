/** One way in which a tool fetches. All lists are words with spaces between them; commands have commas. */
export interface ToolRow {
  /** Names of the programs. */
  tools: string;
  /**
   * The sub-commands that fetch, of one or two words. Two marks stand alone: `(any)` is every call, `(alone)` is a call
   * without a sub-command. The first row that has the command decides; `(any)` comes last.
   */
  commands: string;
  /** Files of which one makes the call safe, if it is in the working directory or above it. `*` is allowed. */
  locks?: string;
  /** True if the lock may also be below the working directory (solutions of several projects). */
  below?: boolean;
  /** Options that make the tool fail where it would not take the lock's versions. */
  demands?: string;
  /** True if such an option is needed beside the lock. Otherwise one of the two is enough. */
  both?: boolean;
  /** Options that make the tool go past its lock. */
  undoes?: string;
  /** Options with which the call fetches nothing. */
  offline?: string;
  /** Variables, set by the recipe, that have the effect of `demands` or `offline`. */
  variables?: Readonly<Record<string, RegExp>>;
  /**
   * An exact version makes the call safe: `each` operand has one (`name@1.2.3`), or `some` operand is one; or the value
   * of an option (`--version`) is one. With `digest`, an operand has to end in a sha256.
   */
  exact?: string;
  /** Options whose value is the next word, where `each` word counts. */
  values?: string;
  /** A file without which the tool fetches nothing (`go.mod`). */
  manifest?: string;
}

/** Tools whose findings have one kind. */
export interface ToolKind {
  /** What they fetch, for people. */
  fetches: string;
  rows: readonly ToolRow[];
}
