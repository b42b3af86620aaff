import { access, rm, writeFile } from "node:fs/promises";
import type { BuildPaths } from "./paths";

/** Whether a build must not be pruned. If that can't be read, it counts as kept. */
export async function isKept(paths: BuildPaths): Promise<boolean> {
  return await access(paths.keep).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}

/** Protects a build from being pruned, or ends that protection. */
export async function setKept(paths: BuildPaths, kept: boolean): Promise<void> {
  if (kept) await writeFile(paths.keep, "");
  else await rm(paths.keep, { force: true });
}
