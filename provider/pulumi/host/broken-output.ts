import type { Writable } from "node:stream";

/**
 * Makes nothing of words that nobody reads any more. Pulumi's provider process writes to pipes of its engine; when
 * that was killed, every word is an error, and the SDK reports uncaught errors by more words on the same pipes: the
 * process would spin for ever, without a moment to notice that its engine is gone.
 */
export function surviveBrokenOutput(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => undefined);
}
