import { readFile } from "node:fs/promises";
import type { Engine } from "../../engines/engine";
import { parseLock } from "../../packages/lock/parse";
import type { Lock } from "../../packages/lock/types";
import { lockedKey } from "./key";
import { latestBuild } from "../../store/builds";
import type { FoundBuild } from "../../store/find-image";
import { inspectBuild } from "../../store/inspect-build";
import { buildPaths } from "../../store/paths";
import { readRecord, type BuildRecord } from "../../store/record";

/** The artifact's current build, complete, with image and lock as they were written. */
export interface CurrentBuild extends FoundBuild {
  lock: Lock;
}

/** Whether a build was made from exactly this: from the same, and with a committed lock from that too. */
function isOf(record: BuildRecord, key: string, lock: string | null): boolean {
  if (lock === null) return record.key === key;
  return (record.key === key && record.lockHash === lock) || record.key === lockedKey(key, lock);
}

/**
 * The artifact's latest build, if it can be used again: it was made from the same, the engine has its image, and its lock is
 * unchanged. Otherwise null, and a new round trip is needed.
 *
 * @param of lock: the hash of the committed lock; null: there is none
 * @throws {VerifiedImagesError} when that can't be found out
 */
export async function reusableBuild(
  engine: Engine,
  root: string,
  name: string,
  { key, lock }: { key: string; lock: string | null },
): Promise<CurrentBuild | null> {
  const timestamp = await latestBuild(root, name);
  if (timestamp === null) return null;
  const record = await readRecord(buildPaths(root, name, timestamp).record);
  if (record === null || !isOf(record, key, lock)) return null;
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
