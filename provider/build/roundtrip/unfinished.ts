import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAbandoned } from "../../base/process/leftovers";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { Engine } from "../../engines/engine";
import { abandonedClaim, putClaim, releaseClaim } from "../../store/claim";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { claimed, oldFailedLogs, removeUnfinished } from "../../store/unfinished";
import type { Effects } from "./effects";
import { messageOf } from "../../base/errors/message";

/**
 * Does the work of one build under a claim. Where it fails, what it has made goes, but for its log: an image
 * without a lock would be evidence of nothing. Where the process is killed, or the image can't be removed, the
 * claim stays for {@link clearUnfinished}.
 *
 * @param engineId the engine's own ID
 * @param reference what the image is called
 */
export async function whileClaimed<T>(
  engine: Engine,
  engineId: string,
  reference: string,
  paths: BuildPaths,
  work: () => Promise<T>,
): Promise<T> {
  await putClaim(paths.building, paths.directory, engineId);
  try {
    const result = await work().catch(async (error: unknown) => {
      await drop(engine, reference, paths).catch(() => undefined);
      throw error;
    });
    await rm(paths.building, { force: true }).catch(() => undefined);
    return result;
  } finally {
    releaseClaim(paths.building);
  }
}

async function drop(engine: Engine, reference: string, paths: BuildPaths): Promise<void> {
  await engine.remove(reference);
  await removeUnfinished(paths, await readdir(paths.directory));
}

/**
 * Clears away what killed builds of this artifact have left: the image that has no lock, and their files. Only
 * builds with a claim in this very folder count, made by a process that is gone; whatever another store or
 * another engine has stays. Of failed builds' logs the newest few stay.
 *
 * Nobody else may be building the artifact. What can't be cleared away is said, and stops nothing.
 */
export async function clearUnfinished(
  effects: Effects,
  plan: Pick<BuildPlan, "root" | "name">,
): Promise<void> {
  try {
    await clear(effects, plan);
  } catch (error) {
    const detail = messageOf(error);
    effects.warn(`what an ended build has left could not be cleared away: ${detail}`);
  }
}

async function clear({ engine }: Effects, { root, name }: Pick<BuildPlan, "root" | "name">): Promise<void> {
  const directory = join(root, name);
  const list = (): Promise<string[]> =>
    readdir(directory).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    });
  const names = await list();
  for (const timestamp of claimed(names, name)) {
    const paths = buildPaths(root, name, timestamp);
    const claim = await abandonedClaim(paths.building, directory);
    if (claim === null) continue;
    if (await exists(paths.record)) {
      // Complete: it was ended between its last file and the end of its claim.
      await rm(paths.building, { force: true });
      continue;
    }
    if (claim.engine !== (await engine.identity()).id) continue;
    await drop(engine, `${name}:${timestamp}`, paths);
  }
  for (const file of names.filter((other) => other.startsWith(".latest.") && isAbandoned(other))) {
    await rm(join(directory, file), { force: true });
  }
  for (const file of oldFailedLogs(await list(), name)) await rm(join(directory, file), { force: true });
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    // What can't be told counts as there: nothing is removed then.
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}
