import type { Readable } from "node:stream";
import type { RunOptions, Started } from "../../base/process/run";
import type { DockerClient } from "./client";

/** How many milliseconds a failed reader waits for the command's own error: longer if its output has ended, as it ends too. */
const GIVE_UP_MS = { running: 1_000, ending: 30_000 };

/**
 * Reads the output of a started command to its end. If the reading fails, the command's own error is preferred, because
 * it explains more than a broken stream. The caller has to end the command.
 *
 * @param isVerdict whether an error is about what was read. Then it counts, and the command only failed because nobody
 *   read on.
 * @throws {CommandError} when the command fails, even if its output looked complete
 */
export async function readOutput<T>(
  started: Started,
  read: (stream: Readable) => Promise<T>,
  isVerdict: (error: unknown) => boolean = () => false,
): Promise<T> {
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
  if (isVerdict(outcome.error)) throw outcome.error;
  const wait = started.stdout.readableEnded ? GIVE_UP_MS.ending : GIVE_UP_MS.running;
  await Promise.race([started.done, new Promise<void>((resolve) => setTimeout(resolve, wait).unref())]);
  throw outcome.error;
}

/** Starts a docker command, reads its output as {@link readOutput} does, and ends the command in any outcome. */
export async function readCommand<T>(
  client: DockerClient,
  args: readonly string[],
  options: RunOptions,
  read: (stream: Readable) => Promise<T>,
  isVerdict?: (error: unknown) => boolean,
): Promise<T> {
  const stop = new AbortController();
  const { signal } = options;
  try {
    const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    return await readOutput(await client.start(args, { ...options, signal: both }), read, isVerdict);
  } finally {
    stop.abort();
  }
}
