import { rm, writeFile } from "node:fs/promises";
import { isThere } from "../base/is-there";
import type { BuildPaths } from "./paths";

/** Whether a build must not be pruned. If that can't be read, it counts as kept. */
export const isKept = (paths: BuildPaths): Promise<boolean> => isThere(paths.keep);

/** Protects a build from being pruned, or ends that protection. */
export async function setKept(paths: BuildPaths, kept: boolean): Promise<void> {
  if (kept) await writeFile(paths.keep, "");
  else await rm(paths.keep, { force: true });
}
