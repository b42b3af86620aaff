import { extract } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { EngineUnreachableError } from "../errors";
import type { DockerClient } from "./client";

/** Milliseconds for docker save, which copies every layer before it sends anything. */
const SAVE_MS = 20 * 60_000;
/** Bytes of a configuration that are read at most. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The bytes of an image's configuration, as the engine has them. Only `docker save` gives them out; the rest
 * of what it sends is not read.
 *
 * @throws {EngineUnreachableError} when it sends none
 */
export async function savedConfiguration(
  client: DockerClient,
  imageId: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const hex = imageId.replace(/^sha256:/, "");
  const wanted = new Set([`${hex}.json`, `blobs/sha256/${hex}`]);
  const stop = new AbortController();
  const saved = await client.start(["image", "save", imageId], {
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    timeoutMs: SAVE_MS,
  });
  try {
    const archive = extract();
    saved.stdout.pipe(archive);
    for await (const entry of archive) {
      const size = entry.header.size ?? 0;
      if (wanted.has(entry.header.name) && size <= MAX_BYTES) return await buffer(entry);
      entry.resume();
    }
    await saved.done;
  } finally {
    stop.abort();
    saved.stdout.destroy();
  }
  throw new EngineUnreachableError(`docker save sent no configuration of ${imageId}`);
}
