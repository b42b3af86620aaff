import { closeSync, openSync } from "node:fs";

/** The process's controlling terminal (POSIX). Our own streams are pipes to the CLI, so they don't tell. */
const TERMINAL = "/dev/tty";

/**
 * Whether somebody may be looking at the CLI that runs this provider: there is a terminal, and no sign of a CI system.
 * Otherwise Pulumi writes a log, in which every message stays as a line.
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
