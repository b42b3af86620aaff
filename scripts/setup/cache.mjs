import fs from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { codeOf } from "./files.mjs";
import { SetupError } from "./failure.mjs";

const WEEK = 7 * 24 * 3600 * 1000;

/**
 * The one folder of this user for built tools and logs: `$XDG_CACHE_HOME` or `~/.cache`, then
 * `pulumi-verified-images`. A relative XDG_CACHE_HOME is ignored (XDG Base Directory Specification).
 */
export function cacheFolder(env = process.env, home = homedir()) {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(home, ".cache"), "pulumi-verified-images");
}

/** Makes the cache folder and drops logs older than a week. @param {string} folder @throws {SetupError} */
export function prepareCache(folder) {
  const logs = join(folder, "logs");
  try {
    fs.mkdirSync(logs, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    const trouble = `The cache folder ${folder} cannot be written (${String(codeOf(error))})`;
    throw new SetupError(`${trouble}: make it writable, or set XDG_CACHE_HOME to a folder that is.`);
  }
  const files = fs.readdirSync(logs).map((name) => join(logs, name));
  for (const file of files) if (fs.statSync(file).mtimeMs < Date.now() - WEEK) fs.rmSync(file);
}

/** The log file of one step of this run. @param {string} cache @param {string} name */
export const logFile = (cache, name) => join(cache, "logs", `${name.replace(" ", "-")}-${process.pid}.log`);

/**
 * A folder of the cache, made once: in a temporary folder, then renamed, so that it is there whole or not at all. Its
 * path below the cache, the key, has the version in it.
 * @type {(cache: string, key: string, make: (folder: string) => Promise<void>) => Promise<string>}
 */
export async function makeOnce(cache, key, make) {
  const folder = join(cache, key);
  if (fs.existsSync(folder)) return folder;
  const unfinished = join(cache, "tmp", key.replaceAll("/", "-"));
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true });
  try {
    await make(unfinished);
    fs.mkdirSync(dirname(folder), { recursive: true });
    fs.renameSync(unfinished, folder);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
