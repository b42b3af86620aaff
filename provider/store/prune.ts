import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildsInOrder } from "./build-order";
import { latestBuild } from "./builds";
import { isKept } from "./keep";
import { buildPaths, SUFFIXES } from "./paths";

export interface PruneCandidate {
  timestamp: string;
  kept: boolean;
}

/**
 * Chooses the builds to remove: all except the newest `retain` ones, the latest, and the kept ones.
 *
 * @param builds in the order in which they were made, oldest first
 */
export function choosePruned(
  builds: readonly PruneCandidate[],
  retain: number,
  latest: string | null,
): string[] {
  const old = retain >= builds.length ? [] : builds.slice(0, builds.length - retain);
  return old.filter(({ timestamp, kept }) => !kept && timestamp !== latest).map(({ timestamp }) => timestamp);
}

/**
 * Removes an artifact's old builds from the store.
 *
 * @param removeImage removes the image `<name>:<timestamp>`. True: the image is gone. False: something else names it,
 *   so it stays, and the build's files in the store stay too
 * @returns the timestamps of the removed builds
 */
export async function pruneBuilds(
  root: string,
  name: string,
  retain: number,
  removeImage: (reference: string) => Promise<boolean>,
): Promise<string[]> {
  const candidates = await Promise.all(
    (await buildsInOrder(root, name)).map(async (build) => ({
      timestamp: build.timestamp,
      kept: await isKept(buildPaths(root, name, build.timestamp)),
    })),
  );
  const gone: string[] = [];
  for (const timestamp of choosePruned(candidates, retain, await latestBuild(root, name))) {
    if (!(await removeImage(`${name}:${timestamp}`))) continue;
    const { directory, stem, lock, pins } = buildPaths(root, name, timestamp);
    const files = SUFFIXES.map((suffix) => join(directory, `${stem}${suffix}`));
    // The lock is removed last: as long as it is there, the next prune finds the build again.
    for (const file of [...files.filter((other) => other !== lock), lock])
      await rm(file, { recursive: file === pins, force: true });
    gone.push(timestamp);
  }
  return gone;
}
