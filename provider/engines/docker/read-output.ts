import type { Readable } from "node:stream";
import type { Started } from "../../base/process/run";

/** Milliseconds that a failed reader waits for the command to say what went wrong. */
const GIVE_UP_MS = 1_000;

/**
 * Reads the output of a started command to its end. A command that failed by itself explains a broken stream better
 * than the stream does; the caller ends the command.
 *
 * @throws {CommandError} when the command fails, even if its output looked complete
 */
export async function readOutput<T>(started: Started, read: (stream: Readable) => Promise<T>): Promise<T> {
  const outcome = await read(started.stdout).then(
    (value) => ({ value }),
    (error: unknown) => {
      started.stdout.resume();
      return { error };
    },
  );
  if ("value" in outcome) {
    await started.done;
    return outcome.value;
  }
  await Promise.race([started.done, new Promise<void>((resolve) => setTimeout(resolve, GIVE_UP_MS).unref())]);
  throw outcome.error;
}
