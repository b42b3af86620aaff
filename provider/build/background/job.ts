/** One verification that runs in a process of its own. Everything else about the build is in its record. */
export interface BackgroundJob {
  /** Absolute directory of the store. */
  root: string;
  name: string;
  timestamp: string;
  /** Whose turn it is: the process ends when the build's claim has another one. */
  token: string;
  /** How many verifications of the store may run in the background at once. */
  limit: number;
  /** What the paths of the build's record are relative to, absolute. */
  directory: string;
  /** File that takes what the process says, absolute. */
  logFile: string;
}

/** The words that the process is started with; `directory` and `logFile` are its own. */
export function jobArguments({ root, name, timestamp, token, limit }: BackgroundJob): string[] {
  return [root, name, timestamp, token, String(limit)];
}

/** Reads them; null when they are none. */
export function parseJob(words: readonly string[]): Omit<BackgroundJob, "directory" | "logFile"> | null {
  const [root, name, timestamp, token, limit = "", ...more] = words;
  const isNumber = /^[1-9][0-9]*$/.test(limit);
  if (!root || !name || !timestamp || !token || !isNumber || more.length > 0) return null;
  return { root, name, timestamp, token, limit: Number(limit) };
}
