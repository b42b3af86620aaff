import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { abandonedClaim, putClaim, releaseClaim } from "../../store/claim";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { claimed, oldFailedLogs, removeUnfinished } from "../../store/unfinished";

/** Runs one build under a claim. If it fails, its files are removed, except the log. */
export async function whileSifClaimed<T>(
  paths: BuildPaths,
  engine: string,
  work: () => Promise<T>,
): Promise<T> {
  await putClaim(paths.building, paths.directory, engine);
  try {
    const result = await work().catch(async (error: unknown) => {
      await removeUnfinished(paths, await readdir(paths.directory)).catch(() => undefined);
      throw error;
    });
    await rm(paths.building, { force: true }).catch(() => undefined);
    return result;
  } finally {
    releaseClaim(paths.building);
  }
}

/** Removes what killed builds of an artifact have left in its folder. The caller has the lease on the artifact. */
export async function clearUnfinishedSifs(root: string, name: string): Promise<void> {
  const directory = join(root, name);
  const names = await readdir(directory).catch(() => [] as string[]);
  for (const timestamp of claimed(names, name)) {
    const paths = buildPaths(root, name, timestamp);
    if ((await abandonedClaim(paths.building, directory)) === null) continue;
    const isComplete = await access(paths.record).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
    );
    if (isComplete) await rm(paths.building, { force: true });
    else await removeUnfinished(paths, names);
  }
  for (const file of oldFailedLogs(names, name)) await rm(join(directory, file), { force: true });
}
