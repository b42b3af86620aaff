import type { Readable } from "node:stream";
import { CaptureError } from "../../packages/capture/errors";
import type { ContentSink } from "../../packages/capture/archive/entry";
import type { Walk } from "../../packages/capture/archive/walk";
import { pseudoEntries, type PseudoEntry } from "./pseudo-lines";

/** The line between the list and the contents. */
const START = Buffer.from("\n# START OF DATA - DO NOT MODIFY\n#\n");
/** Bytes of the list: more than two million files have. */
const LONGEST_LIST = 256 * 1024 * 1024;

const cut = (where: string): CaptureError =>
  new CaptureError(
    "capture-incomplete",
    `The image's files ended early, ${where}; the image is cut short or damaged, so build or copy it again.`,
  );

/**
 * Walks through what `unsquashfs -pf` writes: first the list of all files, then their contents, one after the other in the
 * order of the list. Nothing is written to a disk, so no path of a hostile image leads anywhere.
 */
export const walkPseudoFile: Walk = async (stream, visit, { signal }) => {
  const reader = chunks(stream);
  try {
    const { entries, rest } = await readList(reader);
    await readContents(entries, rest, reader, visit, signal);
  } finally {
    stream.destroy();
  }
};

type Chunks = AsyncIterator<Buffer, undefined>;

function chunks(stream: Readable): Chunks {
  const own: AsyncIterator<unknown, unknown> = stream[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await own.next();
      if (done === true) return { done: true, value: undefined };
      return { done: false, value: Buffer.isBuffer(value) ? value : Buffer.from(String(value), "utf8") };
    },
  };
}

async function readList(reader: Chunks): Promise<{ entries: PseudoEntry[]; rest: Buffer }> {
  const parts: Buffer[] = [];
  let length = 0;
  let tail = Buffer.alloc(0);
  for (;;) {
    const { done, value } = await reader.next();
    if (done === true) throw cut("within the list of their names");
    parts.push(value);
    length += value.length;
    if (length > LONGEST_LIST) {
      throw new CaptureError(
        "capture-malformed",
        `The list of the image's files has more than ${LONGEST_LIST} bytes, which is more than any real image has.`,
      );
    }
    const seen = Buffer.concat([tail, value]);
    if (!seen.includes(START)) {
      tail = Buffer.from(seen.subarray(-START.length));
      continue;
    }
    const whole = Buffer.concat(parts);
    const at = whole.indexOf(START);
    return {
      entries: pseudoEntries(whole.toString("latin1", 0, at)),
      rest: whole.subarray(at + START.length),
    };
  }
}

async function readContents(
  entries: readonly PseudoEntry[],
  first: Buffer,
  reader: Chunks,
  visit: Parameters<Walk>[1],
  signal: AbortSignal | undefined,
): Promise<void> {
  let rest = first;
  let position = 0;
  for (const entry of entries) {
    signal?.throwIfAborted();
    const sink: ContentSink | undefined = visit(entry);
    if (entry.type !== "file") {
      sink?.end();
      continue;
    }
    if (entry.size > 0 && entry.offset !== position) {
      throw new CaptureError(
        "capture-malformed",
        "The contents of the image's files are in another order than the list of their names says.",
      );
    }
    for (let missing = entry.size; missing > 0;) {
      if (rest.length === 0) {
        const { done, value } = await reader.next();
        if (done === true) throw cut(`within the file ${JSON.stringify(entry.path)}`);
        rest = value;
        continue;
      }
      const piece = rest.subarray(0, missing);
      sink?.chunk(piece);
      rest = rest.subarray(piece.length);
      missing -= piece.length;
    }
    position += entry.size;
    sink?.end();
  }
  while (rest.length === 0) {
    const { done, value } = await reader.next();
    if (done === true) return;
    rest = value;
  }
  throw new CaptureError(
    "capture-malformed",
    "There is more content than the list of the image's files says.",
  );
}
