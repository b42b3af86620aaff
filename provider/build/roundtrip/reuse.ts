import { readFile } from "node:fs/promises";
import type { Engine } from "../../engines/engine";
import { parseLock } from "../../packages/lock/parse";
import type { Lock } from "../../packages/lock/types";
import { latestBuild } from "../../store/builds";
import type { FoundBuild } from "../../store/find-image";
import { inspectBuild } from "../../store/inspect-build";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";

/** The artifact's current build, complete, with image and lock as they were written. */
export interface CurrentBuild extends FoundBuild {
  lock: Lock;
}

/**
 * The artifact's latest build, if it can be used again: its key is the same, the engine has its image, and its lock is
 * unchanged. Otherwise null, and a new round trip is needed.
 *
 * @throws {VerifiedImagesError} when that can't be found out
 */
export async function reusableBuild(
  engine: Engine,
  root: string,
  name: string,
  key: string,
): Promise<CurrentBuild | null> {
  const timestamp = await latestBuild(root, name);
  if (timestamp === null) return null;
  const record = await readRecord(buildPaths(root, name, timestamp).record);
  if (record === null || record.key !== key) return null;
  const found = await inspectBuild(engine, root, record, "any");
  if (found.answer === "can't tell") {
    if (found.cause !== null) throw found.cause;
    return null;
  }
  if (found.answer === "different") {
    const [first, ...others] = found.differences;
    if (first.what !== "name gone" || others.length > 0) return null;
    // The image is there and has only lost its tag, so the tag is set again.
    await engine.tag(record.imageId, record.reference);
  }
  // Removed since the record was read.
  if (found.build === null) return null;
  return { ...found.build, lock: parseLock(await readFile(found.build.paths.lock, "utf8")) };
}
