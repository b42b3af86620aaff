import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where daemons and the tools of administrators are, which are not on everybody's PATH. */
const ADMIN_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

/** The user's search path, then the folders of administrators. @param {NodeJS.ProcessEnv} env */
export const adminPath = (env) => `${env.PATH ?? ""}:${ADMIN_FOLDERS}`;

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Every executable of a name in a search path, in its order, each real file once. Relative entries are left out:
 * what they mean depends on the folder that one happens to be in.
 * @type {(name: string, searchPath: string | undefined) => string[]}
 */
export function findAll(name, searchPath) {
  const folders = (searchPath ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const paths = folders.map((folder) => join(folder, name)).filter(isExecutable);
  const real = paths.map((path) => realpathSync(path));
  return paths.filter((_, at) => real.indexOf(real[at] ?? "") === at);
}

/** The first of them, or null. @param {string} name @param {string | undefined} searchPath */
export const findFirst = (name, searchPath) => findAll(name, searchPath)[0] ?? null;

/**
 * The first `major.minor.patch` in a text as numbers, or null where there is none. A missing patch counts as 0, and
 * whatever follows (`+dfsg1`, `-alpha.1`, `-ce`) is ignored.
 * @param {string} text
 * @returns {[number, number, number] | null}
 */
export function parseVersion(text) {
  const match = /(?<![\d.])v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

/** Whether the version found in a text is at least `least`. A text without one is not. @param {string} text @param {string} least */
export function isAtLeast(text, least) {
  const found = parseVersion(text)?.join(".");
  return found !== undefined && found.localeCompare(least, "en", { numeric: true }) >= 0;
}

/** `3.220.0` for `v3.220.0+dirty`; the trimmed text itself where no version is found. @param {string} text */
export const shortVersion = (text) => parseVersion(text)?.join(".") ?? text.trim();
