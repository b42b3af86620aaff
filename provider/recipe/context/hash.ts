import { createHash } from "node:crypto";
import { readlink } from "node:fs/promises";
import { mapBounded } from "./bounded";
import { contentHash } from "./content";
import { unreadable } from "./errors";
import { contextExclusions } from "./exclusions";
import { FRAME_HEADER, frame } from "./frame";
import { effectiveIgnore, type EffectiveIgnore } from "./ignore-file";
import { readIgnore } from "./ignore-matcher";
import { type StatCache, recall, remembered } from "./stat-cache";
import { type ContextEntry, locationOf, textOf, walkContext } from "./walk";

export interface ContextHashOptions {
  context: string;
  /** Path of the recipe. `<recipe>.dockerignore` takes precedence over the context's `.dockerignore`. */
  recipe: string;
  /** Absolute directories to leave out if they are inside the context, such as the artifact store. */
  exclude: readonly string[];
  /** The ignore rules, if they were just read. */
  ignore?: EffectiveIgnore;
  signal?: AbortSignal;
  /** Hashes from earlier. Files that haven't changed since then are not read. */
  cache?: StatCache;
  /** The time, in milliseconds since 1970; default: the system's clock. */
  now?: () => number;
}

/** The hash of a context, and how much it covers. */
export interface ContextHash {
  /** `sha256:<64 hex>`. */
  hash: string;
  files: number;
  /** The sum of their sizes. */
  bytes: number;
  /** The paths of files and links, relative to the context. Links may lead to files. */
  paths: string[];
  /** What was hashed, in byte order of the paths. */
  entries: readonly HashedEntry[];
}

/** One entry of a context, as it was hashed. */
export interface HashedEntry {
  /** One character for each byte (latin1). */
  path: string;
  /** Two entries of one path are the same if these bytes are. */
  frame: Buffer;
}

/** How many files are read, and how many entries are looked at, at the same time. */
const CONCURRENCY = 8;

/**
 * Hashes what a build can see of its context. The same tree gives the same hash on every machine.
 *
 * The hash covers: the path of everything that Docker sends, in byte order; the content of files; the targets of links
 * as text; directories, also empty ones; whether a file's owner may execute it. Pipes, sockets and devices are covered by
 * kind and device number, and are never opened. Some versions of Docker send them, others don't. To
 * count one too many costs only a build. The recipe and the ignore file are covered like other files, if they are in
 * the context and not ignored.
 *
 * The hash does not cover: times, owners, extended attributes, which names are hard links of each other, absolute
 * paths, all other mode bits (they depend on the umask with which a tree was made), `.git` at its root, what the ignore
 * rules leave out, and `exclude`.
 *
 * @throws {ContextError} that names a path that can't be read, that changed while it was read, or whose ignore patterns
 *   Docker refuses
 * @throws the signal's reason when it is aborted
 */
export async function hashContext(options: ContextHashOptions): Promise<ContextHash> {
  const { context, cache, signal } = options;
  const excluded = await contextExclusions(context, options.exclude);
  const { source, patterns } = options.ignore ?? (await effectiveIgnore(options));
  const matcher = readIgnore(patterns, source ?? undefined);
  const started = (options.now ?? Date.now)();
  const entries = await walkContext({ context, matcher, excluded, concurrency: CONCURRENCY, signal });
  const payloads = entries.map((entry) => knownPayload(entry, cache));
  const missing = payloads.flatMap((payload, at) => (payload === null ? [at] : []));
  await mapBounded(
    missing,
    CONCURRENCY,
    async (at) => {
      payloads[at] = await readPayload(entries[at] as ContextEntry, options);
    },
    signal,
  );

  const hash = createHash("sha256").update(FRAME_HEADER);
  let files = 0;
  let bytes = 0;
  const hashed = entries.map((entry, at) => {
    const { kind, mode, path } = entry;
    return { path, frame: frame(kind, mode, path, payloads[at] as Buffer) };
  });
  entries.forEach((entry, at) => {
    hash.update((hashed[at] as HashedEntry).frame);
    if (entry.kind !== "f") return;
    files += 1;
    bytes += entry.size;
  });
  const changed = missing.some((at) => entries[at]?.kind === "f") || cache?.known.size !== files;
  if (cache !== undefined && changed) cache.keep(settled(entries, payloads, started));
  const paths = entries.flatMap(({ kind, path }) => (kind === "f" || kind === "l" ? [textOf(path)] : []));
  return { hash: `sha256:${hash.digest("hex")}`, files, bytes, paths, entries: hashed };
}

/** The hashes that may be remembered, by path. */
function settled(
  entries: readonly ContextEntry[],
  payloads: readonly (Buffer | null)[],
  started: number,
): Map<string, string> {
  const known = new Map<string, string>();
  entries.forEach((entry, at) => {
    const payload = payloads[at] ?? null;
    const text = entry.kind === "f" && payload !== null ? remembered(entry, payload, started) : null;
    if (text !== null) known.set(entry.path, text);
  });
  return known;
}

/** What an entry adds to its frame besides path and mode. Null if that has to be read first. */
function knownPayload({ path, kind, device, facts }: ContextEntry, cache?: StatCache): Buffer | null {
  if (kind === "l") return null;
  if (kind === "f") return recall(cache?.known.get(path), facts);
  return kind === "c" || kind === "b" ? Buffer.from(String(device)) : Buffer.alloc(0);
}

async function readPayload(entry: ContextEntry, options: ContextHashOptions): Promise<Buffer> {
  const location = locationOf(options.context, entry.path);
  return entry.kind === "l" ? targetOf(location) : contentHash(location, entry, options.signal);
}

async function targetOf(location: Buffer): Promise<Buffer> {
  try {
    return await readlink(location, { encoding: "buffer" });
  } catch (error) {
    throw unreadable(location.toString("utf8"), error);
  }
}
