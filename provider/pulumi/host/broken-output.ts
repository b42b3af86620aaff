import type { Writable } from "node:stream";

/**
 * Ignores errors of writing to standard output and error. Pulumi's provider process writes to pipes of its engine. Once the
 * engine is killed, every write fails, and the SDK reports each failure with another write. The process would then be busy
 * for ever and never notice that its engine is gone.
 */
export function surviveBrokenOutput(streams: readonly Writable[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) stream.on("error", () => undefined);
}
