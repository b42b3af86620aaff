/** What proc(5) says of a process. */
export interface ProcessFacts {
  /** One letter: `R`, `S`, `Z` and so on. */
  state: string;
  /** Start, in clock ticks since boot; two processes of one number never share it. */
  started: string;
}

/** Where that is written. Only Linux has it. */
export const statFile = (pid: number): string => `/proc/${pid}/stat`;

/** Reads it; null when the text is none. */
export function parseStat(text: string): ProcessFacts | null {
  // "pid (comm) state ppid ..."; comm may hold spaces and parentheses. Field 22 is the start time.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? null : { state, started };
}

/** Whether it has ended, and its number only waits for its parent (or for an init that reaps) to notice. */
export function hasEnded({ state }: ProcessFacts): boolean {
  return state === "Z" || state === "X";
}
