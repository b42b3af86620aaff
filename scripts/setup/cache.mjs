import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { SetupError } from "./failure.mjs";
import { withLock } from "./lock.mjs";
import { discard } from "./discard.mjs";

const LOG_DAYS = 7;

/**
 * The one folder of this user for built tools and logs: `$XDG_CACHE_HOME` or `~/.cache`, then
 * `pulumi-verified-images`. A relative XDG_CACHE_HOME is ignored (XDG Base Directory Specification).
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [home]
 */
export function cacheFolder(env = process.env, home = homedir()) {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(home, ".cache"), "pulumi-verified-images");
}

/**
 * Makes the cache folder and drops logs older than a week.
 * @param {string} folder
 * @throws {SetupError} when the folder cannot be written
 */
export function prepareCache(folder) {
  const logs = join(folder, "logs");
  try {
    for (const part of [logs, join(folder, "tmp"), join(folder, "locks")])
      mkdirSync(part, { recursive: true });
    const probe = join(folder, "tmp", `probe-${randomUUID()}`);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new SetupError(
      `The cache folder ${folder} cannot be written (${error.code ?? error.message}): make it writable, or set ` +
        `XDG_CACHE_HOME to a folder that is.`,
    );
  }
  const oldest = Date.now() - LOG_DAYS * 24 * 3600 * 1000;
  for (const name of readdirSync(logs)) {
    const file = join(logs, name);
    const facts = statSync(file, { throwIfNoEntry: false });
    if (facts && facts.mtimeMs < oldest) rmSync(file, { force: true });
  }
}

/**
 * The log file of one step of this run.
 * @param {string} cache
 * @param {string} name
 */
export function logFile(cache, name) {
  return join(cache, "logs", `${name}-${process.pid}.log`);
}

/**
 * A folder of the cache, made once: in a temporary folder beside it, then renamed, so that it is there whole or not
 * at all, also with several set-ups at once.
 * @param {object} wanted
 * @param {string} wanted.cache
 * @param {string} wanted.key the folder's path below the cache, with the version in it
 * @param {(folder: string) => Promise<void>} wanted.make fills the temporary folder
 * @param {AbortSignal} [wanted.signal]
 * @param {(pid: number) => void} [wanted.onWait] another set-up is making it
 * @returns {Promise<{folder: string, made: boolean}>}
 */
export async function makeOnce({ cache, key, make, signal, onWait }) {
  const folder = join(cache, key);
  if (existsSync(folder)) return { folder, made: false };
  const name = key.replaceAll("/", "-");
  const work = async () => {
    if (existsSync(folder)) return { folder, made: false };
    const tmp = join(cache, "tmp");
    for (const left of readdirSync(tmp)) {
      if (left.startsWith(`${name}.`)) discard(join(tmp, left));
    }
    const unfinished = join(tmp, `${name}.${process.pid}`);
    mkdirSync(unfinished);
    try {
      await make(unfinished);
      mkdirSync(dirname(folder), { recursive: true });
      renameSync(unfinished, folder);
    } finally {
      discard(unfinished);
    }
    return { folder, made: true };
  };
  return withLock(join(cache, "locks", name), work, { signal, onWait });
}
