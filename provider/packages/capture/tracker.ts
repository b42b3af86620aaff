import type { ArchiveEntry, ContentSink } from "./archive/entry";
import { symlinkTarget } from "./archive/entry-path";
import { contentReader } from "./archive/read-content";
import { type Detector, type Findings, MiB, type Want, type World } from "./detector";
import { quoted } from "./errors";
import { messageOf } from "../../base/errors/message";

/** Most bytes of content that one detector may keep until the end. */
const RETAINED_BUDGET = 256 * MiB;
/** Most files that are kept only because a hard link may point to them. */
const MAX_LINK_SOURCES = 200_000;
/** Most symbolic links that are followed one after another; Linux has the same limit. */
const MAX_HOPS = 40;

type Result<T> = { kind: string; value: T } | { kind: string; problem: string };

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
  const results = new Map<string, Result<T>>();
  const sources = new Map<string, Result<T>>();
  const symlinks = new Map<string, { want: Want; target: string }>();
  const noted = new Set<string>();
  let retained = 0;

  function readWanted({ path, size }: ArchiveEntry, want: Want): ContentSink | undefined {
    const fail = (problem: string): void => void results.set(path, { kind: want.kind, problem });
    const tooLarge = (): void => fail(`is larger than the ${want.limit} bytes that are read of such a file`);
    if (!want.headersOnly && size > want.limit) {
      tooLarge();
      return undefined;
    }
    if (want.retained && (retained += size) > RETAINED_BUDGET) {
      fail(`is one of too many: together more than ${RETAINED_BUDGET} bytes`);
      return undefined;
    }
    const done = (content: Buffer): void => void results.set(path, parsed(path, want, content));
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
    if (source === undefined || size === 0 || size > source.want.limit || sources.size >= MAX_LINK_SOURCES) {
      return undefined;
    }
    const { want, firstByte } = source;
    const done = (content: Buffer): void => {
      try {
        sources.set(path, { kind: want.kind, value: detector.parse(content, want, path) });
      } catch {
        // It is no such file. A hard link to it will be reported as a problem.
      }
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

  function takeOver(want: Want, target: string, how: string): Result<T> {
    const found = results.get(target) ?? sources.get(target);
    if (found?.kind === want.kind) {
      return found;
    }
    const problem = `is a ${how} link to ${quoted(target)}, which holds nothing that could be read for it`;
    return { kind: want.kind, problem };
  }

  function followSymlinks(): void {
    for (const [path, { want, target }] of symlinks) {
      let end = target;
      for (let hops = 0; symlinks.has(end) && hops < MAX_HOPS; hops += 1) {
        end = symlinks.get(end)!.target;
      }
      const result = takeOver(want, end, "symbolic");
      if (!("problem" in result && want.mayDangle)) {
        results.set(path, result);
      }
    }
  }

  return {
    name: detector.name,
    see(entry) {
      const { path, type } = entry;
      if (detector.note?.(path, type)) {
        noted.add(path);
      }
      const want = type === "directory" ? undefined : detector.want(path);
      const linked = type === "link" && want === undefined ? sources.get(entry.target) : undefined;
      results.delete(path);
      sources.delete(path);
      symlinks.delete(path);
      if (type === "file") {
        return want === undefined ? readLinkSource(entry) : readWanted(entry, want);
      }
      if (linked !== undefined) {
        sources.set(path, linked);
      } else if (want !== undefined && type === "link") {
        results.set(path, takeOver(want, entry.target, "hard"));
      } else if (want !== undefined && type === "symlink") {
        symlinks.set(path, { want, target: symlinkTarget(path, entry.target) });
      } else if (want !== undefined) {
        results.set(path, { kind: want.kind, problem: `is a ${type} and no file` });
      }
      return undefined;
    },
    conclude(world) {
      followSymlinks();
      const files = new Map<string, T>();
      const problems = new Map<string, string>();
      for (const [path, result] of results) {
        if ("problem" in result) {
          problems.set(path, result.problem);
        } else {
          files.set(path, result.value);
        }
      }
      return detector.conclude({ files, problems, noted }, world);
    },
  };
}
