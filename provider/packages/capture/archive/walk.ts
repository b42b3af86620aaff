import type { Readable } from "node:stream";
import type { ArchiveEntry, ContentSink } from "./entry";

/**
 * Walks through a file system once, in order. `visit` returns a sink if it wants an entry's content. It resolves only when
 * everything has been read.
 */
export type Walk = (
  stream: Readable,
  visit: (entry: ArchiveEntry) => ContentSink | undefined,
  options: {
    /** Stops the walk and destroys the stream. */
    signal?: AbortSignal;
    /** The detectors that get no answer if the stream fails, for the message: `dpkg, python, npm`. */
    waiting: string;
  },
) => Promise<void>;
