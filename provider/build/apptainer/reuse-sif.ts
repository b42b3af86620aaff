import { readFile } from "node:fs/promises";
import { parseLock } from "../../packages/lock/parse";
import { latestBuild } from "../../store/builds";
import { buildPaths } from "../../store/paths";
import { readRecord } from "../../store/record";
import { hashOfFile } from "../../store/verification";
import type { CurrentBuild } from "../roundtrip/reuse";

/**
 * The artifact's latest build, if it can be used again: its key is the same, and its image and its lock are as they were
 * written. Otherwise null, and a new round trip is needed.
 */
export async function reusableSif(root: string, name: string, key: string): Promise<CurrentBuild | null> {
  const timestamp = await latestBuild(root, name);
  if (timestamp === null) return null;
  const paths = buildPaths(root, name, timestamp);
  const record = await readRecord(paths.record);
  if (record === null || record.key !== key) return null;
  if ((await hashOfFile(paths.lock)) !== record.lockHash) return null;
  if ((await hashOfFile(paths.sif)) !== record.imageId) return null;
  return { paths, record, lock: parseLock(await readFile(paths.lock, "utf8")) };
}
