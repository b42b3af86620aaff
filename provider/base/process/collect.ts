import type { Readable } from "node:stream";

/**
 * Collects all that a stream prints, as UTF-8.
 *
 * @param most limit in bytes; what comes after it is dropped
 * @param overflow called once when the limit is exceeded
 */
export function collectAll(stream: Readable, most: number, overflow: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (data: string | Buffer) => {
    const chunk = Buffer.from(data);
    const before = size;
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
    else if (before <= most) overflow();
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

/** Collects the end of what a stream prints: at least its last `least` bytes. */
export function collectEnd(stream: Readable, least: number): () => string {
  let kept: Buffer = Buffer.alloc(0);
  stream.on("data", (data: string | Buffer) => {
    kept = Buffer.concat([kept, Buffer.from(data)]);
    if (kept.length > 2 * least) kept = kept.subarray(-least);
  });
  return () => kept.toString("utf8");
}
