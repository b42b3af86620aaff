import { VerifiedImagesError } from "../../base/errors/base";

/** A lock can't be written, or can't be trusted. `problems` has each reason. Code `lock-invalid`. */
export class LockError extends VerifiedImagesError {
  constructor(
    readonly problems: readonly string[],
    advice: string,
    options?: { cause?: unknown },
  ) {
    super("lock-invalid", lockErrorMessage(problems, advice), options);
  }
}

/** How many problems a message names. */
const SHOWN = 5;

/** The message of a {@link LockError}: the first problems, how many more there are, and what to do. */
function lockErrorMessage(problems: readonly string[], advice: string): string {
  const rest = problems.length - SHOWN;
  const more = rest > 0 ? `; and ${rest} more` : "";
  return `The lock is not valid: ${problems.slice(0, SHOWN).join("; ")}${more}. ${advice}`;
}
