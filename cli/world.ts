/** What the command needs from outside, apart from the store and the engine. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  /** The directory that relative paths start from. */
  directory: string;
  /** Standard output: a command's answer and nothing else. */
  out(text: string): void;
  /** Standard error: progress, warnings, errors. */
  err(text: string): void;
}

/** The answer of a command. */
export interface Answer {
  /** Process exit code; see `EXIT`. */
  code: number;
  /** For people; empty, or ending in a newline. */
  text: string;
  /** The same for programs (`--json`). */
  document: unknown;
}

/** Prints a command's answer. */
export type Report = (answer: Answer) => void;
