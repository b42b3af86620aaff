import type { BigIntStats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { mapBounded } from "./bounded";
import { changedWhileRead, unreadable } from "./errors";
import type { IgnoreMatcher } from "./ignore-matcher";

/** One thing in a context. */
export interface ContextEntry {
  /** Relative to the context, with slashes, as the bytes that the file system has. */
  path: Buffer;
  /** Where to read it. */
  location: Buffer;
  stats: BigIntStats;
}

/** What to walk and what to leave out. */
export interface WalkOptions {
  context: string;
  matcher: IgnoreMatcher;
  /** Directories to leave out whole, relative to the context. */
  excluded: readonly string[];
  concurrency: number;
  signal?: AbortSignal;
}

interface Directory {
  path: Buffer | null;
  location: Buffer;
}

const SLASH = Buffer.from("/");

/**
 * Everything of a context that Docker sends, sorted by the bytes of the path; the root itself is not in it, nor
 * is `.git` at the root. Links are not followed. An ignored directory is in it only if something below it is.
 *
 * @throws ContextError when a directory can't be read, or changes while it is.
 */
export async function walkContext(options: WalkOptions): Promise<ContextEntry[]> {
  const { matcher, concurrency, signal } = options;
  const leftOut = new Set([".git", ...options.excluded].map((path) => keyOf(Buffer.from(path))));
  const found = new Map<string, ContextEntry>();
  const passed = new Map<string, ContextEntry>();
  const open: Directory[] = [{ path: null, location: Buffer.from(options.context) }];
  for (let directory = open.pop(); directory; directory = open.pop()) {
    signal?.throwIfAborted();
    const children = childrenOf(directory, await namesIn(directory.location));
    const wanted = children.filter(({ path }) => !leftOut.has(keyOf(path)));
    for (const entry of await mapBounded(wanted, concurrency, withStats, signal)) {
      const text = entry.path.toString("utf8");
      const ignored = matcher.ignores(text);
      const enter = entry.stats.isDirectory() && (!ignored || matcher.mayReinclude(text));
      if (enter) open.push({ path: entry.path, location: entry.location });
      if (ignored && enter) passed.set(keyOf(entry.path), entry);
      if (!ignored) addWithParents(entry, found, passed);
    }
  }
  return [...found.values()].sort((a, b) => Buffer.compare(a.path, b.path));
}

function addWithParents(
  entry: ContextEntry,
  found: Map<string, ContextEntry>,
  passed: Map<string, ContextEntry>,
): void {
  found.set(keyOf(entry.path), entry);
  for (let at = entry.path.lastIndexOf(SLASH); at > 0; at = entry.path.lastIndexOf(SLASH, at - 1)) {
    const key = keyOf(entry.path.subarray(0, at));
    const parent = passed.get(key);
    if (found.has(key)) return;
    if (parent) found.set(key, parent);
  }
}

function childrenOf(
  { path, location }: Directory,
  names: readonly Buffer[],
): { path: Buffer; location: Buffer }[] {
  return names.map((name) => ({
    path: path === null ? name : Buffer.concat([path, SLASH, name]),
    location: Buffer.concat([location, SLASH, name]),
  }));
}

async function namesIn(location: Buffer): Promise<Buffer[]> {
  try {
    return await readdir(location, { encoding: "buffer" });
  } catch (error) {
    throw unreadable(location.toString("utf8"), error);
  }
}

async function withStats({ path, location }: { path: Buffer; location: Buffer }): Promise<ContextEntry> {
  try {
    return { path, location, stats: await lstat(location, { bigint: true }) };
  } catch (error) {
    const text = location.toString("utf8");
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? changedWhileRead(text, error)
      : unreadable(text, error);
  }
}

/** One character for each byte: names that are not UTF-8 stay apart. */
function keyOf(path: Buffer): string {
  return path.toString("latin1");
}
