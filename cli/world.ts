/** What the command asks of the world besides the store and the engine. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  directory: string;
  /** Standard output: a command's answer and nothing else. */
  out(text: string): void;
  /** Standard error: progress, warnings, errors. */
  err(text: string): void;
}

/** What a command has found out. */
export interface Answer {
  /** Process exit code; see `EXIT`. */
  code: number;
  /** For people; empty, or ending in a newline. */
  text: string;
  /** The same for programs (`--json`). */
  document: unknown;
}

/** Takes a command's answer; what it throws instead is judged by the caller. */
export type Say = (answer: Answer) => void;
