import { createHash } from "node:crypto";
import { readlink } from "node:fs/promises";
import { mapBounded } from "./bounded";
import { contentHash } from "./content";
import { unreadable } from "./errors";
import { contextExclusions } from "./exclusions";
import { FRAME_HEADER, frame } from "./frame";
import { effectiveIgnore } from "./ignore-file";
import { readIgnore } from "./ignore-matcher";
import { type StatCache, recall, remembered } from "./stat-cache";
import { type ContextEntry, locationOf, walkContext } from "./walk";

/** What to hash. */
export interface ContextHashOptions {
  /** The build context's directory. */
  context: string;
  /** Path of the recipe; `<recipe>.dockerignore` goes before the context's own. */
  recipe: string;
  /** Absolute directories to leave out wherever they lie inside the context, such as the artifact store. */
  exclude: readonly string[];
  signal?: AbortSignal;
  /** Spares reading files that haven't changed since the last time. */
  cache?: StatCache;
  /** Milliseconds since the epoch; default: the system's clock. */
  now?: () => number;
}

/** A context's hash, with how much it is about. */
export interface ContextHash {
  /** `sha256:<64 hex>`. */
  hash: string;
  /** Regular files. */
  files: number;
  /** Their sizes together. */
  bytes: number;
}

/** Files that are read at the same time, and directory entries that are looked at. */
const CONCURRENCY = 8;

/**
 * Hashes what a build can see of its context. The same tree gives the same hash on every machine.
 *
 * In it: the path of everything that Docker sends, in byte order; the content of files; the targets of links as
 * text; directories, also empty ones; permission bits with setuid, setgid and sticky. Pipes, sockets and
 * devices count by kind, mode and device number and are never opened: versions of Docker differ in whether
 * they send them, and counting one too many costs a build, never a stale image. The recipe and the ignore file
 * count like other files if they lie in the context and aren't ignored.
 *
 * Not in it: times, owners, extended attributes, which names are hard links of each other, absolute paths, the
 * mode of the context directory itself, `.git` at its root, what the ignore rules leave out, and `exclude`.
 *
 * @throws ContextError naming the path that can't be read, that changed while it was read, or that has an
 *   ignore pattern which Docker refuses; the signal's reason when it is aborted.
 */
export async function hashContext(options: ContextHashOptions): Promise<ContextHash> {
  const { context, cache, signal } = options;
  const excluded = await contextExclusions(context, options.exclude);
  const { source, patterns } = await effectiveIgnore(options);
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
  entries.forEach((entry, at) => {
    const { kind, mode, path } = entry;
    const payload = payloads[at] as Buffer;
    hash.update(frame(kind, mode, path, payload));
    if (kind !== "f") return;
    files += 1;
    bytes += entry.size;
  });
  const changed = missing.some((at) => entries[at]?.kind === "f") || cache?.known.size !== files;
  if (cache !== undefined && changed) cache.keep(settled(entries, payloads, started));
  return { hash: `sha256:${hash.digest("hex")}`, files, bytes };
}

/** What may be remembered of the files, by path. */
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

/** What an entry adds besides its path and mode; null where something has to be read for it. */
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
