import { access, rm, writeFile } from "node:fs/promises";
import type { BuildPaths } from "./paths";

/** Whether a build is never to be pruned. Whatever can't be told counts as kept. */
export async function isKept(paths: BuildPaths): Promise<boolean> {
  return await access(paths.keep).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}

/** Keeps a build from being pruned, or lets go of it again. */
export async function setKept(paths: BuildPaths, kept: boolean): Promise<void> {
  if (kept) await writeFile(paths.keep, "");
  else await rm(paths.keep, { force: true });
}
