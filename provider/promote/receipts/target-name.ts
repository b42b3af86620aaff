import { relative, resolve, sep } from "node:path";
import { isSifPath } from "../../base/reference/sif-path";

/**
 * A target as the receipts of a store name it. The path of a SIF image is relative to the store there, so programs in
 * different folders mean the same file by the same name.
 */
export function nameInReceipts(root: string, target: string): string {
  if (!isSifPath(target)) return target;
  return relative(resolve(root), resolve(target)).split(sep).join("/");
}
