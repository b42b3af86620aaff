import type { CommandFailure } from "../../provider/base/process/command-error";

/** How a command failed: by nothing in particular, unless a test says so. */
export function commandFailure(changes: Partial<CommandFailure>): CommandFailure {
  return {
    command: "docker info",
    exitCode: null,
    signal: null,
    timedOut: false,
    timeoutMs: null,
    cancelled: false,
    tooMuchOutput: false,
    notStarted: false,
    stderr: "",
    ...changes,
  };
}
