import { readFile } from "node:fs/promises";
import type { Engine } from "../../engines/engine";
import { parseLock } from "../../packages/lock/parse";
import type { Lock } from "../../packages/lock/types";
import { latestBuild } from "../../store/builds";
import { buildPaths, type BuildPaths } from "../../store/paths";
import { readRecord, type BuildRecord } from "../../store/record";
import { hashOfFile } from "../../store/verification";

/** The artifact's current build, complete and still true. */
export interface CurrentBuild {
  paths: BuildPaths;
  record: BuildRecord;
  lock: Lock;
}

/**
 * The artifact's latest build if nothing that a build can see has changed since (the key), the engine still
 * has its image, and its lock is untouched; else null, and a new round trip is due.
 */
export async function reusableBuild(
  engine: Engine,
  root: string,
  name: string,
  key: string,
): Promise<CurrentBuild | null> {
  const timestamp = await latestBuild(root, name);
  if (timestamp === null) return null;
  const paths = buildPaths(root, name, timestamp);
  const record = await readRecord(paths.record);
  if (record === null || record.key !== key) return null;
  if ((await hashOfFile(paths.lock)) !== record.lockHash) return null;
  const found = await engine.inspect([record.reference, record.imageId]);
  const named = found.get(record.reference) ?? null;
  if ((named !== null && named.id !== record.imageId) || (found.get(record.imageId) ?? null) === null)
    return null;
  // The image is there and only its name is lost: giving it back is all that there is to do.
  if (named === null) await engine.tag(record.imageId, record.reference);
  return { paths, record, lock: parseLock(await readFile(paths.lock, "utf8")) };
}
