import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** @param {string} path */
export function isExecutable(path) {
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
 * @param {string} name
 * @param {string | undefined} searchPath default: the PATH of this process
 * @returns {string[]}
 */
export function findAll(name, searchPath = process.env.PATH) {
  const seen = new Set();
  const found = [];
  for (const folder of (searchPath ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const path = join(folder, name);
    if (!isExecutable(path)) continue;
    const real = realpathSync(path);
    if (seen.has(real)) continue;
    seen.add(real);
    found.push(path);
  }
  return found;
}

/**
 * The first executable of a name in a search path, or null.
 * @param {string} name
 * @param {string | undefined} [searchPath]
 * @returns {string | null}
 */
export function findFirst(name, searchPath = process.env.PATH) {
  return findAll(name, searchPath)[0] ?? null;
}
