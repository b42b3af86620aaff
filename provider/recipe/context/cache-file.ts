import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { contextExclusions } from "./exclusions";
import type { StatCache } from "./stat-cache";

/** First line of a file, followed by the hash of all that comes after it. Another form of file gets another line. */
const HEADER = "verified-images stat cache 1";
/** Longest file that is read, in bytes: some millions of entries. */
const MOST_BYTES = 512 * 1024 * 1024;
/** A file that was not written for so many milliseconds is removed: 30 days. */
const OLD_MS = 30 * 24 * 3_600_000;

/** The user's folder for these files: below `$XDG_CACHE_HOME`, if that is absolute, else below `~/.cache`. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME: base = "" } = process.env;
  const caches = isAbsolute(base) ? base : join(homedir(), ".cache");
  return join(caches, "pulumi-verified-images", "contexts");
}

/**
 * Does work with the file hashes that are remembered for a context and recipe, and remembers those that the work keeps.
 * The work succeeds without them too. If the folder is another user's, or in the context, `work` gets no cache. If the
 * file is damaged, the cache is empty. A failed write is ignored. If two processes write at once, one of the files
 * stays, complete.
 */
export async function withStatCache<T>(
  { context, recipe, folder = cacheFolder }: { context: string; recipe: string; folder?: () => string },
  work: (cache: StatCache | undefined) => Promise<T>,
): Promise<T> {
  const file = await placeOf(context, recipe, folder).catch(() => null);
  if (file === null) return await work(undefined);
  const known = await read(file).catch(() => new Map<string, string>());
  let kept: ReadonlyMap<string, string> | null = null;
  const result = await work({ known, keep: (all) => void (kept = all) });
  if (kept !== null) await write(file, kept).catch(() => undefined);
  return result;
}

/** The file for a context and recipe, in a folder that only this user can write to. Null if there can't be one. */
async function placeOf(context: string, recipe: string, at: () => string): Promise<string | null> {
  const folder = resolve(at());
  // With sudo, another user may have this user's home. Nothing is made there then, because the owner could not write to
  // it.
  if (folder.startsWith(`${homedir()}/`) && !isOwn((await stat(homedir())).uid)) return null;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const facts = await lstat(folder);
  if (!facts.isDirectory() || !isOwn(facts.uid) || (facts.mode & 0o022) !== 0) return null;
  if ((await contextExclusions(context, [folder])).length > 0) return null;
  const name = createHash("sha256").update(`${await realpath(context)}\0${resolve(recipe)}`);
  return join(folder, name.digest("hex"));
}

const isOwn = (uid: number): boolean => process.getuid === undefined || process.getuid() === uid;

/** What a file remembers. Nothing, unless this user wrote it, and completely. */
async function read(file: string): Promise<Map<string, string>> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = await handle.stat();
    const isOurs = facts.isFile() && isOwn(facts.uid) && (facts.mode & 0o022) === 0;
    return isOurs && facts.size <= MOST_BYTES ? parse(await handle.readFile()) : new Map<string, string>();
  } finally {
    await handle.close();
  }
}

/** Paths and what is remembered for each. Both end with a NUL, which neither can contain. */
function parse(bytes: Buffer): Map<string, string> {
  const known = new Map<string, string>();
  const start = bytes.indexOf("\n") + 1;
  const body = bytes.subarray(start);
  if (bytes.toString("latin1", 0, start) !== headOf(body)) return known;
  const text = body.toString("latin1");
  for (let at = 0; at < text.length;) {
    const middle = text.indexOf("\0", at);
    const end = text.indexOf("\0", middle + 1);
    known.set(text.slice(at, middle), text.slice(middle + 1, end));
    at = end + 1;
  }
  return known;
}

const headOf = (body: Buffer): string => `${HEADER} ${createHash("sha256").update(body).digest("hex")}\n`;

async function write(file: string, known: ReadonlyMap<string, string>): Promise<void> {
  const body = Buffer.from([...known].map(([path, text]) => `${path}\0${text}\0`).join(""), "latin1");
  const temporary = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    // A new file replaces the old one, so no link is followed.
    await writeFile(temporary, [headOf(body), body], { flag: "wx", mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await removeOld(dirname(file));
}

/** Removes old files: those of contexts that no longer exist, and of writers that were killed. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const facts = await lstat(join(folder, name));
    if (Date.now() - facts.mtimeMs > OLD_MS) await rm(join(folder, name), { force: true });
  }
}
