import type { Readable } from "node:stream";
import { CommandError } from "../../base/process/command-error";
import type { Started } from "../../base/process/run";

/** How many milliseconds a failed reader waits for the command's own error. */
const GIVE_UP_MS = 1_000;

/**
 * Reads the output of a started command to its end. If the reading fails, the command's own error is preferred, because
 * it explains more than a broken stream. It does not if the command only failed because nobody read on. The caller has to
 * end the command.
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
  const done = started.done.catch((error: unknown) => {
    if (!isUnread(error)) throw error;
  });
  await Promise.race([done, new Promise<void>((resolve) => setTimeout(resolve, GIVE_UP_MS).unref())]);
  throw outcome.error;
}

/** Whether a command failed because its output was no longer read. Docker's client is ended by the signal, or says so. */
function isUnread(error: unknown): boolean {
  if (!(error instanceof CommandError)) return false;
  return error.failure.signal === "SIGPIPE" || /broken pipe$/.test(error.failure.stderr.trim());
}
