import { posix } from "node:path";
import type { SifPath } from "./types";

/**
 * Whether a text is the path of a SIF image, and no image reference: it ends with `.sif`, and its last part has no colon.
 * (`tools.sif` can be a repository too. As a reference it has to be written with its tag: `tools.sif:latest`.)
 */
export function isSifPath(text: string): boolean {
  const last = text.slice(text.lastIndexOf("/") + 1);
  return last.length > ".sif".length && last.endsWith(".sif") && !/[:\0-\x1f]/.test(last);
}

/** Whether a text can only be a path, and no image reference: that of a SIF image, or one that begins with `/`, `./` or `../`. */
export const isPath = (text: string): boolean => isSifPath(text) || /^\.{0,2}\//.test(text);

/** The one form in which paths are compared: POSIX, without `./` at its beginning, doubled slashes and `x/..`. */
export function parseSifPath(text: string): SifPath {
  return posix.normalize(text) as SifPath;
}
