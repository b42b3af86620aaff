/**
 * Whether what npm installed is what the lock file asks for, from the two files that npm writes.
 *
 * In step means: every package that is installed is in the lock file with the same version and integrity, and every
 * package of the lock file is installed, except optional ones (npm leaves out those for other platforms).
 * @param {{packages?: Record<string, object>}} lock package-lock.json
 * @param {{packages?: Record<string, object>}} installed node_modules/.package-lock.json
 * @param {(path: string) => boolean} exists whether a path of the lock file (`node_modules/zod`) is there
 * @returns {string | null} null when in step; otherwise the first difference, in words
 */
export function outOfStep(lock, installed, exists) {
  const wanted = new Map(Object.entries(lock.packages ?? {}).filter(([path]) => path !== ""));
  const present = new Map(Object.entries(installed.packages ?? {}));
  for (const [path, item] of present) {
    const entry = wanted.get(path);
    if (!entry) return `${path} is not in package-lock.json`;
    if (entry.version !== item.version) return `${path} is ${item.version}, not ${entry.version}`;
    if (entry.integrity !== item.integrity) return `${path} has another integrity`;
    if (!exists(path)) return `${path} is missing`;
  }
  for (const [path, entry] of wanted) {
    if (!present.has(path) && !entry.optional && !entry.devOptional) return `${path} is not installed`;
  }
  return null;
}
