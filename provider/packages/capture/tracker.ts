import type { ArchiveEntry, ContentSink } from "./archive/entry";
import { contentReader } from "./archive/read-content";
import { concluded } from "./conclude";
import { type Detector, type Findings, MiB, type Want, type World } from "./detector";
import { quoted } from "./errors";
import { messageOf } from "../../base/errors/message";
import { type Result, type Results, takeOver } from "./results";

/** Most bytes of content that one detector may keep until the end. */
const RETAINED_BUDGET = 256 * MiB;
/** Most files that are kept only because a hard link may point to them. */
const MAX_LINK_SOURCES = 200_000;
/** Most files that are kept only because a symbolic link may lead to them. */
const MAX_CANDIDATES = 500_000;

/** Runs one detector on one pass. If a path has several entries, the last one counts. */
export interface Tracker {
  readonly name: string;
  /** Called for each entry. Returns a sink if the entry's content is wanted. */
  see(entry: ArchiveEntry): ContentSink | undefined;
  /** Called after the pass. */
  conclude(world: World): Findings;
}

/** Starts one pass of a detector. */
export function track<T>(detector: Detector<T>): Tracker {
  const all: Results<T> = { wanted: new Map(), candidates: new Map(), sources: new Map() };
  const symlinks = new Map<string, { want: Want; into: Map<string, Result<T>> }>();
  const earlier = [all.wanted, all.candidates, all.sources, symlinks];
  const noted = new Set<string>();
  let tooMany: string | null = null;
  let retained = 0;

  function read(
    { path, size }: ArchiveEntry,
    want: Want,
    into: Map<string, Result<T>>,
  ): ContentSink | undefined {
    const fail = (problem: string): void => void into.set(path, { kind: want.kind, problem });
    const tooLarge = (): void => fail(`is larger than the ${want.limit} bytes that are read of such a file`);
    if (!want.headersOnly && size > want.limit) {
      tooLarge();
      return undefined;
    }
    if (want.retained && (retained += size) > RETAINED_BUDGET) {
      fail(`is one of too many: together more than ${RETAINED_BUDGET} bytes`);
      return undefined;
    }
    const done = (content: Buffer): void => void into.set(path, parsed(path, want, content));
    return contentReader({ limit: want.limit, headersOnly: want.headersOnly, done, tooLarge });
  }

  function parsed(path: string, want: Want, content: Buffer): Result<T> {
    try {
      return { kind: want.kind, value: detector.parse(content, want, path) };
    } catch (error) {
      return { kind: want.kind, problem: messageOf(error) };
    }
  }

  function readLinkSource({ path, size }: ArchiveEntry): ContentSink | undefined {
    const source = detector.linkSource;
    if (
      source === undefined ||
      size === 0 ||
      size > source.want.limit ||
      all.sources.size >= MAX_LINK_SOURCES
    ) {
      return undefined;
    }
    const { want, firstByte } = source;
    const done = (content: Buffer): void => {
      const result = parsed(path, want, content);
      // With a problem it is no such file. A hard link to it will be reported.
      if (!("problem" in result)) all.sources.set(path, result);
    };
    const reader = contentReader({ limit: want.limit, done, tooLarge: () => undefined });
    let promising: boolean | undefined;
    return {
      chunk(data) {
        promising ??= data[0] === firstByte;
        if (promising) {
          reader.chunk(data);
        }
      },
      end: () => (promising ? reader.end() : undefined),
    };
  }

  function candidate(path: string): Want | undefined {
    const want = detector.candidate?.(path);
    if (want === undefined || all.candidates.size < MAX_CANDIDATES) return want;
    tooMany ??= `${quoted(path)} is one of more than ${MAX_CANDIDATES} files that a link could make part of a package`;
    return undefined;
  }

  return {
    name: detector.name,
    see(entry) {
      const { path, type } = entry;
      if (detector.note?.(path, type)) {
        noted.add(path);
      }
      for (const known of earlier) {
        if (known.size > 0) known.delete(path); // most detectors have nothing yet, and there are many entries
      }
      if (type === "directory") return undefined;
      const wanted = detector.want(path);
      const want = wanted ?? candidate(path);
      const into = wanted === undefined ? all.candidates : all.wanted;
      if (type === "file") {
        return want === undefined ? readLinkSource(entry) : read(entry, want, into);
      }
      const linked = type === "link" && want === undefined ? all.sources.get(entry.target) : undefined;
      if (linked !== undefined) {
        all.sources.set(path, linked);
      } else if (want !== undefined && type === "link") {
        into.set(path, takeOver(all, want, entry.target, "hard"));
      } else if (want !== undefined && type === "symlink") {
        symlinks.set(path, { want, into });
      } else if (want !== undefined) {
        into.set(path, { kind: want.kind, problem: `is a ${type} and no file` });
      }
      return undefined;
    },
    conclude: (world) => concluded(detector, world, { all, symlinks, noted, tooMany }),
  };
}
