import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * All files below some paths, relative to a root, sorted. A path may be a file or a folder, or not be there at all.
 * `keep` judges by the name of each file or folder.
 * @type {(root: string, paths: string[], keep?: (name: string) => boolean) => string[]}
 */
export function filesBelow(root, paths, keep = () => true) {
  const files = paths.flatMap((path) => {
    const facts = statSync(join(root, path), { throwIfNoEntry: false });
    if (!facts?.isDirectory()) return facts?.isFile() ? [path] : [];
    const names = readdirSync(join(root, path)).filter(keep);
    return filesBelow(
      root,
      names.map((name) => `${path}/${name}`),
      keep,
    );
  });
  return files.sort();
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
