import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { isolatedName } from "../leftovers";
import type { DockerClient } from "./client";

/** Milliseconds for reading a whole image; large ones on slow disks take minutes, a hung engine for ever. */
const EXPORT_MS = 20 * 60_000;
/** Milliseconds that a failed reader waits for the export to say what went wrong. */
const GIVE_UP_MS = 1_000;

/**
 * Reads an image's file system as a tar stream, without running anything of it: a container is created,
 * exported and removed. The dummy command is for images that have none; it never runs.
 *
 * @throws {CommandError} when create or export fails, even if the stream looked complete
 */
export async function exportImage<T>(
  client: DockerClient,
  imageId: string,
  read: (stream: Readable) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const name = isolatedName("capture", randomBytes(6).toString("hex"));
  // Short, and so not ended half-way: the engine would create the container all the same.
  await client.run(["create", "--name", name, "--network", "none", imageId, "none"], {
    timeoutMs: client.inspectMs,
  });
  const stop = new AbortController();
  try {
    const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    const exported = await client.start(["export", name], {
      title: `docker export of ${imageId}`,
      signal: both,
      timeoutMs: EXPORT_MS,
    });
    const reading = read(exported.stdout).then(
      (value) => ({ value }),
      (error: unknown) => {
        exported.stdout.resume();
        return { error };
      },
    );
    const outcome = await reading;
    if ("value" in outcome) {
      await exported.done;
      return outcome.value;
    }
    // An export that failed by itself explains a broken stream better than the stream does.
    await Promise.race([
      exported.done,
      new Promise<void>((resolve) => setTimeout(resolve, GIVE_UP_MS).unref()),
    ]);
    throw outcome.error;
  } finally {
    stop.abort();
    await client.run(["rm", "--force", "--volumes", name], { timeoutMs: client.inspectMs });
  }
}
