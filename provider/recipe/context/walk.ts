import type { BigIntStats } from "node:fs";
import { changedWhileRead, unreadable } from "./errors";
import { type EntryKind, kindOf } from "./frame";
import type { IgnoreMatcher } from "./ignore-matcher";
import { looker } from "./look";
import { factsOf, type Seen } from "./stat-cache";

export interface ContextEntry extends Seen {
  /** Relative to the context, with slashes. One character for each byte of the file system's path (latin1). */
  path: string;
  kind: EntryKind;
  /** All bits of stat(2)'s mode, with those of the kind. */
  mode: number;
  /** In bytes. */
  size: number;
  /** The device's number, for a device. */
  device: bigint;
}

export interface WalkOptions {
  context: string;
  matcher: IgnoreMatcher;
  /** Directories to leave out with all that is in them, relative to the context. */
  excluded: readonly string[];
  concurrency: number;
  signal?: AbortSignal;
}

/** The location of a path of a context, as bytes. The empty path is the context itself. */
export function locationOf(context: string, path: string): Buffer {
  if (path === "") return Buffer.from(context);
  return Buffer.concat([Buffer.from(`${context}/`), Buffer.from(path, "latin1")]);
}

/**
 * All of a context that Docker sends, sorted by the bytes of the path. The root itself is left out, and so is `.git` at
 * the root. Links are not followed. An ignored directory is included only if something below it is.
 *
 * @throws {ContextError} when a directory can't be read, or changes meanwhile
 */
export async function walkContext(options: WalkOptions): Promise<ContextEntry[]> {
  const { context, matcher, concurrency, signal } = options;
  const leftOut = new Set([".git", ...options.excluded].map((path) => Buffer.from(path).toString("latin1")));
  const look = looker(concurrency);
  const found: ContextEntry[] = [];
  const passed = new Map<string, ContextEntry>();
  const open = [""];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    signal?.throwIfAborted();
    const location = locationOf(context, directory);
    const names = await look.names(location).catch((error: unknown) => {
      throw unreadable(location.toString(), error);
    });
    const parent = directory === "" ? "" : `${directory}/`;
    const paths = names.map((name) => parent + name).filter((path) => !leftOut.has(path));
    const seen = await look.stats(
      paths.map((path) => locationOf(context, path)),
      signal,
    );
    for (const [at, path] of paths.entries()) {
      const entry = entryOf(context, path, seen[at]);
      const text = textOf(path);
      const ignored = matcher.ignores(text);
      const enter = entry.kind === "d" && (!ignored || matcher.mayReinclude(text));
      if (enter) open.push(path);
      if (ignored && enter) passed.set(path, entry);
      if (!ignored) found.push(entry, ...takeParents(path, passed));
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The ignored directories above a path, each once. They are in the context because of what is below them. */
function takeParents(path: string, passed: Map<string, ContextEntry>): ContextEntry[] {
  const taken: ContextEntry[] = [];
  if (passed.size === 0) return taken;
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    const parent = passed.get(path.slice(0, at));
    if (parent !== undefined) taken.push(parent);
    passed.delete(path.slice(0, at));
  }
  return taken;
}

function entryOf(context: string, path: string, seen: BigIntStats | Error | undefined): ContextEntry {
  if (seen === undefined || seen instanceof Error) {
    const where = locationOf(context, path).toString();
    const isGone = seen !== undefined && "code" in seen && seen.code === "ENOENT";
    throw isGone ? changedWhileRead(where, seen) : unreadable(where, seen);
  }
  const { mode, size, mtimeMs, ctimeMs, rdev: device } = seen;
  const touched = Number(ctimeMs > mtimeMs ? ctimeMs : mtimeMs);
  return {
    ...{ path, kind: kindOf(seen), mode: Number(mode), size: Number(size), device },
    ...{ facts: factsOf(seen), touched },
  };
}

/** The bytes of a path, decoded as UTF-8, as patterns are. */
export function textOf(path: string): string {
  return /^[\x00-\x7f]*$/.test(path) ? path : Buffer.from(path, "latin1").toString();
}
