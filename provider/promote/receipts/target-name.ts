import { realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isSifPath } from "../../base/reference/sif-path";

/**
 * A target as the receipts of a store name it. The path of a SIF image is relative to the store there, so programs in
 * different folders mean the same file by the same name, also where links lead to the store or to the file's folder.
 */
export function nameInReceipts(root: string, target: string): string {
  if (!isSifPath(target)) return target;
  const path = resolve(target);
  return relative(real(resolve(root)), join(real(dirname(path)), basename(path)))
    .split(sep)
    .join("/");
}

function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
