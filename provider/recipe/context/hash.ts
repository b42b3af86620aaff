import { createHash } from "node:crypto";
import { readlink } from "node:fs/promises";
import { mapBounded } from "./bounded";
import { contentHash } from "./content";
import { unreadable } from "./errors";
import { contextExclusions } from "./exclusions";
import { FRAME_HEADER, frame, kindOf } from "./frame";
import { effectiveIgnore } from "./ignore-file";
import { readIgnore } from "./ignore-matcher";
import { type StatCache, recall, remember } from "./stat-cache";
import { type ContextEntry, walkContext } from "./walk";

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
  const { context, signal } = options;
  const excluded = await contextExclusions(context, options.exclude);
  const { source, patterns } = await effectiveIgnore(options);
  const matcher = readIgnore(patterns, source ?? undefined);
  const entries = await walkContext({ context, matcher, excluded, concurrency: CONCURRENCY, signal });
  const payloads = await mapBounded(entries, CONCURRENCY, (entry) => payloadOf(entry, options), signal);

  const hash = createHash("sha256").update(FRAME_HEADER);
  let files = 0;
  let bytes = 0n;
  entries.forEach(({ path, stats }, at) => {
    const kind = kindOf(stats);
    hash.update(frame(kind, stats.mode, path, payloads[at] as Buffer));
    if (kind !== "f") return;
    files += 1;
    bytes += stats.size;
  });
  return { hash: `sha256:${hash.digest("hex")}`, files, bytes: Number(bytes) };
}

async function payloadOf(entry: ContextEntry, { cache, signal }: ContextHashOptions): Promise<Buffer> {
  const kind = kindOf(entry.stats);
  if (kind === "f") return Buffer.from(await fileHash(entry, cache, signal), "hex");
  if (kind === "l") return targetOf(entry.location);
  return kind === "c" || kind === "b" ? Buffer.from(String(entry.stats.rdev)) : Buffer.alloc(0);
}

async function fileHash(
  { location, stats }: ContextEntry,
  cache?: StatCache,
  signal?: AbortSignal,
): Promise<string> {
  const path = location.toString("utf8");
  const known = recall(cache, path, stats);
  if (known !== null) return known;
  const sha256 = await contentHash(location, stats, signal);
  remember(cache, path, stats, sha256, Date.now());
  return sha256;
}

async function targetOf(location: Buffer): Promise<Buffer> {
  try {
    return await readlink(location, { encoding: "buffer" });
  } catch (error) {
    throw unreadable(location.toString("utf8"), error);
  }
}
