import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { contextExclusions } from "./exclusions";
import type { StatCache } from "./stat-cache";

/** First line of a file; another form gets another one. The hash of all that follows stands behind it. */
const HEADER = "verified-images stat cache 1";
/** Bytes of a file that is still read: some millions of entries. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Files that nobody has written for so long go. */
const OLD_MS = 30 * 24 * 3_600_000;

/** The user's folder for these files: below `$XDG_CACHE_HOME`, which has to be absolute, or `~/.cache`. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME: base = "" } = process.env;
  const caches = isAbsolute(base) ? base : join(homedir(), ".cache");
  return join(caches, "pulumi-verified-images", "contexts");
}

/**
 * Does work with the hashes that are remembered of a context and recipe, and remembers what it keeps. Nothing depends
 * on it: where the folder is somebody else's, or lies in the context, or a file is damaged, it starts from nothing;
 * what can't be written is not. Of two that write at once the later one stays, whole.
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

/** The file of a context and recipe, in a folder that is this user's alone; null where there can't be one. */
async function placeOf(context: string, recipe: string, at: () => string): Promise<string | null> {
  const folder = resolve(at());
  // As another user with this one's home (sudo), nothing may be made that the user can't write to later.
  if (folder.startsWith(`${homedir()}/`) && !isOwn((await stat(homedir())).uid)) return null;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const facts = await lstat(folder);
  if (!facts.isDirectory() || !isOwn(facts.uid) || (facts.mode & 0o022) !== 0) return null;
  if ((await contextExclusions(context, [folder])).length > 0) return null;
  const name = createHash("sha256").update(`${await realpath(context)}\0${resolve(recipe)}`);
  return join(folder, name.digest("hex"));
}

const isOwn = (uid: number): boolean => process.getuid === undefined || process.getuid() === uid;

/** What a file remembers; nothing if it is not one that this user wrote as a whole. */
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

/** Paths and what is remembered of them, each ended by a NUL, which neither can have. */
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
    // Made anew, and put in place of whatever stands there: no link is followed.
    await writeFile(temporary, [headOf(body), body], { flag: "wx", mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await removeOld(dirname(file));
}

/** Takes away what contexts that are gone, and writers that were killed, have left. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const facts = await lstat(join(folder, name));
    if (Date.now() - facts.mtimeMs > OLD_MS) await rm(join(folder, name), { force: true });
  }
}
