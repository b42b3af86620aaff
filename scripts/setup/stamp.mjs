import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * All files below some paths, relative to a root, sorted. A path may be a file or a folder, or not be there at all.
 * `keep` judges by the name of each file or folder.
 * @type {(root: string, paths: string[], keep?: (name: string) => boolean) => string[]}
 */
export function filesBelow(root, paths, keep = () => true) {
  /** @type {(path: string) => string[]} */
  const below = (path) => {
    const facts = statSync(join(root, path), { throwIfNoEntry: false });
    if (!facts?.isDirectory()) return facts?.isFile() ? [path] : [];
    const names = readdirSync(join(root, path)).filter(keep);
    return names.flatMap((name) => below(`${path}/${name}`));
  };
  return paths.flatMap(below).sort();
}

/**
 * One hash over names and bytes of files below a root; modification times don't count, so a fresh checkout of the same
 * sources has the same one.
 * @type {(root: string, files: string[]) => string}
 */
export function contentStamp(root, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const bytes = readFileSync(join(root, file));
    hash.update(`${JSON.stringify(file)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}
