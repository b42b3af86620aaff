import type { Readable } from "node:stream";
import type { ContentSink } from "./archive/entry";
import type { Walk } from "./archive/walk";
import { walkArchive } from "./archive/walk-archive";
import type { Tracker } from "./tracker";
import { fileTree, type FileTree } from "./tree/file-tree";

/**
 * Makes one pass over an exported file system for all trackers. Returns its directories and links.
 *
 * @param walk reads the form in which it is exported; default: a tar archive
 * @throws {CaptureError} as {@link walkArchive} does; the message names the trackers
 */
export async function scan(
  stream: Readable,
  trackers: readonly Tracker[],
  signal?: AbortSignal,
  walk: Walk = walkArchive,
): Promise<FileTree> {
  const tree = fileTree();
  const waiting = trackers.map(({ name }) => name).join(", ");
  await walk(
    stream,
    (entry) => {
      tree.see(entry);
      const sinks = trackers.map((tracker) => tracker.see(entry)).filter((sink) => sink !== undefined);
      return sinks.length > 1 ? fanOut(sinks) : sinks[0];
    },
    { signal, waiting },
  );
  return tree;
}

function fanOut(sinks: readonly ContentSink[]): ContentSink {
  return {
    chunk: (data) => sinks.forEach((sink) => sink.chunk(data)),
    end: () => sinks.forEach((sink) => sink.end()),
  };
}
