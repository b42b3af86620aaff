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
import { warningText } from "../../base/words/warning";

/**
 * Runs one build under a claim. If it fails, its image and files are removed, except the log: an image without a lock is no
 * use as evidence. If the process is killed, or the image can't be removed, the claim stays, and
 * {@link clearUnfinished} clears up later.
 *
 * @param engineId the engine's own ID
 * @param reference the image's reference
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
 * Removes what killed builds of this artifact have left: their files, and their images without a lock. It only touches
 * builds with a claim in this folder whose process is gone. Builds of other stores or other engines stay. Of the logs of
 * failed builds the newest few stay.
 *
 * The caller must have the lease on the artifact. A failure to clear up is a warning.
 */
export async function clearUnfinished(
  effects: Effects,
  plan: Pick<BuildPlan, "root" | "name">,
): Promise<void> {
  try {
    await clear(effects, plan);
  } catch (error) {
    effects.warn(
      warningText({
        what: `what a killed build left behind could not be cleared away: ${messageOf(error)}`,
        why: "It takes room, and does no other harm.",
        todo: "Mend what is named above: the next build of this image tries again.",
      }),
    );
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
      // The build is complete: it was killed after its last file, before its claim was removed.
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
    // If that can't be found out, the file counts as present, and nothing is removed.
    (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
  );
}
