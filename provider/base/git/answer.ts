import { isVerifiedImagesError } from "../errors/base";
import { onOneLine } from "../errors/message";
import { CommandError } from "../process/command-error";

/** The answer to one question about a work tree: `is` is the answer, `unknown` says why there is none. */
export type Answer<T = boolean> = { is: T } | { unknown: string };

/** Says on one line why git gave no answer. */
export function reasonOf(error: unknown): string {
  if (!isVerifiedImagesError(error)) throw error;
  if (!(error instanceof CommandError)) return error.message;
  const { failure } = error;
  if (failure.notStarted && failure.hindered !== true) return "git could not be started; is it installed?";
  if (failure.timedOut)
    return `${failure.command} did not finish within ${(failure.timeoutMs ?? 0) / 1000} s (timeouts.git)`;
  return onOneLine(error.message);
}

/** Does work with git. A failure of it is an answer, too. */
export async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { is: await work() };
  } catch (error) {
    return { unknown: reasonOf(error) };
  }
}
