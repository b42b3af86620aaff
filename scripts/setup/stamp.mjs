import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * All files below some paths, relative to a root, sorted. A path may be a file or a folder, or not be there at all.
 * @param {string} root
 * @param {string[]} paths
 * @param {(name: string) => boolean} [keep] by the name of each file or folder
 * @returns {string[]}
 */
export function filesBelow(root, paths, keep = () => true) {
  const files = [];
  const walk = (path) => {
    const facts = statSync(join(root, path), { throwIfNoEntry: false });
    if (!facts) return;
    if (facts.isFile()) files.push(path);
    if (facts.isDirectory()) {
      for (const name of readdirSync(join(root, path))) if (keep(name)) walk(`${path}/${name}`);
    }
  };
  paths.forEach(walk);
  return files.sort();
}

/**
 * One hash over names and bytes of files; modification times don't count, so a fresh checkout of the same sources
 * has the same one.
 * @param {string} root
 * @param {string[]} files relative to the root
 */
export function contentStamp(root, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${JSON.stringify(file)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}
