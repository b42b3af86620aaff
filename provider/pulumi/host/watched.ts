import { closeSync, openSync } from "node:fs";

/** The process's controlling terminal (POSIX); the CLI has given our own streams to pipes. */
const TERMINAL = "/dev/tty";

/**
 * Whether someone may be looking at the CLI that runs this provider: there is a terminal, and no sign of a CI
 * system. Without one Pulumi writes a log, in which whatever is said is a line for ever.
 */
export function isWatched(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  terminal: string = TERMINAL,
): boolean {
  const { CI = "", TERM = "" } = environment;
  if (!["", "0", "false"].includes(CI.toLowerCase()) || TERM === "" || TERM === "dumb") return false;
  try {
    closeSync(openSync(terminal, "r"));
    return true;
  } catch {
    return false;
  }
}
