/** One verification that runs in a process of its own. Everything else about the build is in its build record. */
export interface BackgroundJob {
  /** Absolute directory of the store. */
  root: string;
  name: string;
  timestamp: string;
  /** Written into the build's claim. If the claim has another token, another process has taken over, and this one ends. */
  token: string;
  /** How many verifications of the store may run in the background at once. */
  limit: number;
  /** The directory that paths in the build record are relative to, absolute. */
  directory: string;
  /** File that takes the process's output, absolute. */
  logFile: string;
  /** Variables of the environment that hold build secrets; the process needs them. Default: none. */
  variables?: readonly string[];
  /** Values of secret build arguments and labels, as the process reads them from its environment. Default: none. */
  values?: string | null;
}

/** The command line of the process. `directory` becomes its working directory, `logFile` its output. */
export function jobArguments({ root, name, timestamp, token, limit }: BackgroundJob): string[] {
  return [root, name, timestamp, token, String(limit)];
}

/** What the command line says. */
export type JobWords = Pick<BackgroundJob, "root" | "name" | "timestamp" | "token" | "limit">;

/** Reads the command line; null: it is malformed. */
export function parseJob(words: readonly string[]): JobWords | null {
  const [root, name, timestamp, token, limit = "", ...more] = words;
  const isNumber = /^[1-9][0-9]*$/.test(limit);
  if (!root || !name || !timestamp || !token || !isNumber || more.length > 0) return null;
  return { root, name, timestamp, token, limit: Number(limit) };
}
