import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { CaptureError, quoted } from "../errors";
import { endsWithMarker, MARKER_BYTES, trailingZeros } from "./end-of-archive";
import type { ArchiveEntry, ContentSink, EntryType } from "./entry";
import { absoluteEntryPath } from "./entry-path";
import { pathText } from "./path-text";
import { keepPaxBytes } from "./pax-bytes";
import { refuseWhiteout } from "./whiteout";
import { messageOf } from "../../../base/errors/message";

interface WalkOptions {
  /** Stops the walk and destroys the stream. */
  signal?: AbortSignal;
  /** The detectors that get no answer if the stream fails, for the message: `dpkg, python, npm`. */
  waiting: string;
}

/** A header as tar-stream really gives it. Its own type lacks unknown entry types and the offset. */
type RawHeader = Omit<Header, "type" | "linkname"> & {
  type: string | null;
  linkname: string | null;
  /** Offset in the stream at which the entry's content begins. */
  byteOffset?: number;
};

const TYPES: ReadonlyMap<string | null, EntryType> = new Map<string | null, EntryType>([
  ["file", "file"],
  ["contiguous-file", "file"],
  ["directory", "directory"],
  ["symlink", "symlink"],
  ["link", "link"],
  ["character-device", "character-device"],
  ["block-device", "block-device"],
  ["fifo", "fifo"],
]);

/** Paths are read with one character for each byte, see {@link pathText}. The types of tar-stream lack this option. */
const READER = { filenameEncoding: "latin1", highWaterMark: 16_384 };

/**
 * Walks through an uncompressed tar stream once, in order. `visit` returns a sink if it wants an entry's content. All
 * other content is skipped without being copied. It resolves only when the whole archive has been read, with its
 * end-of-archive marker.
 *
 * @throws {CaptureError} when the stream fails, is aborted, ends early, is not a well-formed export, or has a name that
 *   {@link refuseWhiteout} refuses
 */
export async function walkArchive(
  stream: Readable,
  visit: (entry: ArchiveEntry) => ContentSink | undefined,
  options: WalkOptions,
): Promise<void> {
  const watch = trailingZeros();
  let last = { path: "", end: 0 };
  const watcher = new Transform({
    highWaterMark: 1 << 20,
    transform(chunk: Buffer, _encoding, done) {
      watch.see(chunk);
      done(null, chunk);
    },
  });
  const reader = extract(READER);
  keepPaxBytes(reader);
  reader.on("entry", (header, body, next) => {
    const attempt = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        next(error as Error);
      }
    };
    body.on("error", () => undefined); // the reader fails with the same error
    attempt(() => {
      const entry = toEntry(header);
      last = { path: entry.path, end: entryEnd(header) };
      const sink = visit(entry);
      if (sink !== undefined) {
        body.on("data", (chunk) => attempt(() => sink.chunk(chunk as Buffer)));
      }
      body.on("end", () =>
        attempt(() => {
          sink?.end();
          next();
        }),
      );
      body.resume();
    });
  });
  const where = (): string =>
    last.path === "" ? "before its first entry" : `after ${watch.total} bytes, at ${quoted(last.path)}`;
  try {
    await pipeline(stream, watcher, reader, { signal: options.signal });
  } catch (error) {
    const cut = stream.readableEnded && (watch.zeros < MARKER_BYTES || last.end + MARKER_BYTES > watch.total);
    throw readFailure(error, cut, where(), options);
  }
  if (!endsWithMarker(watch, last.end)) {
    throw endedEarly(where(), options);
  }
}

function toEntry(header: RawHeader): ArchiveEntry {
  const path = absoluteEntryPath(pathText(header.name));
  refuseWhiteout(path);
  const type = TYPES.get(header.type);
  if (type === undefined) {
    throw new CaptureError(
      "capture-malformed",
      `The exported file system has an entry of an unknown type at ${quoted(path)}. ` +
        "Expected files, directories, links and devices; export the container again.",
    );
  }
  const linkname = pathText(header.linkname ?? "");
  return {
    path,
    type,
    size: header.size,
    mode: header.mode & 0o7777, // engines may add the file type bits
    target: type === "link" ? absoluteEntryPath(linkname) : type === "symlink" ? linkname : "",
    device: { major: header.devmajor, minor: header.devminor },
  };
}

/** Offset in the stream at which an entry's padded content ends. */
function entryEnd(header: RawHeader): number {
  const size = header.type === "directory" ? 0 : header.size;
  return (header.byteOffset ?? Infinity) + Math.ceil(size / 512) * 512;
}

function readFailure(error: unknown, cut: boolean, where: string, options: WalkOptions): CaptureError {
  if (error instanceof CaptureError) {
    return error;
  }
  if (options.signal?.aborted) {
    return new CaptureError("capture-aborted", "Reading the exported file system was cancelled.", {
      cause: options.signal.reason,
    });
  }
  if (cut) {
    return endedEarly(where, options, error);
  }
  const reason = messageOf(error);
  return new CaptureError(
    "capture-incomplete",
    `The exported file system could not be read: ${quoted(reason)}, ${where}. ` +
      `Without its end there is no answer from ${options.waiting}; export the container again.`,
    { cause: error },
  );
}

function endedEarly(where: string, options: WalkOptions, cause?: unknown): CaptureError {
  return new CaptureError(
    "capture-incomplete",
    `The exported file system ended early, ${where}: the tar end-of-archive marker is missing. ` +
      `Without it there is no answer from ${options.waiting}; check the engine's disk space and log, ` +
      "then export the container again.",
    cause === undefined ? undefined : { cause },
  );
}
