import { VerifiedImagesError } from "../errors/base";

/** The facts about a failed command. Its message is made from them alone. */
export interface CommandFailure {
  /** The command, in words for people. No command line here contains a secret. */
  command: string;
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  /** Limit in milliseconds, when there was one. */
  timeoutMs: number | null;
  cancelled: boolean;
  /** It printed more than is kept, and was ended because of that. */
  tooMuchOutput: boolean;
  /** The program itself could not be started (not installed, not executable). */
  notStarted: boolean;
  /** It was not started for a reason that says nothing about the program, such as too many open files. */
  hindered?: boolean;
  /** The last lines of standard error. */
  stderr: string;
}

export function commandFailureMessage(failure: CommandFailure): string {
  const { command, stderr } = failure;
  const detail = stderr.trim() === "" ? "" : `: ${stderr.trim()}`;
  if (failure.cancelled) return `${command} was cancelled`;
  if (failure.timedOut) {
    return `${command} did not finish within ${(failure.timeoutMs ?? 0) / 1000} s and was ended${detail}`;
  }
  if (failure.tooMuchOutput) return `${command} printed too much and was ended${detail}`;
  if (failure.notStarted) return `${command} could not be started${detail}`;
  if (failure.signal !== null) return `${command} was ended by ${failure.signal}${detail}`;
  return `${command} failed with exit code ${failure.exitCode ?? "unknown"}${detail}`;
}

/** A child process that failed, timed out, was cancelled or could not be started. */
export class CommandError extends VerifiedImagesError {
  constructor(readonly failure: CommandFailure) {
    super("command-failed", commandFailureMessage(failure));
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CommandError && error.failure.cancelled;
}
