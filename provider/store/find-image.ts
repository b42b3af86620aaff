import { latestBuild, listBuilds, listNames } from "./builds";
import { buildPaths, type BuildPaths } from "./paths";
import { readRecord, type BuildRecord } from "./record";
import { compareTimestamps } from "./timestamp";

export interface FoundBuild {
  paths: BuildPaths;
  record: BuildRecord;
}

async function at(root: string, name: string, timestamp: string): Promise<FoundBuild | null> {
  const paths = buildPaths(root, name, timestamp);
  const record = await readRecord(paths.record);
  return record === null ? null : { paths, record };
}

/**
 * The build that an artifact's name stands for: `<name>:<timestamp>`, `<name>` or `<name>:latest` (the build that
 * `latest` points to), or an image ID. Null when the store has none. If several builds have the same image ID, the
 * newest counts.
 *
 * @throws {StoreError} when part of the store can't be read: then nobody knows which build is the newest
 */
export async function findBuild(root: string, artifact: string): Promise<FoundBuild | null> {
  const names = await listNames(root);
  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(artifact)?.[1];
  if (id !== undefined) {
    const found: FoundBuild[] = [];
    for (const name of names) {
      for (const timestamp of (await listBuilds(root, name)).reverse()) {
        const build = await at(root, name, timestamp);
        if (build?.record.imageId === `sha256:${id}`) {
          found.push(build);
          break;
        }
      }
    }
    found.sort((a, b) => compareTimestamps(b.record.timestamp, a.record.timestamp));
    return found[0] ?? null;
  }
  const colon = artifact.lastIndexOf(":");
  const name = colon === -1 ? artifact : artifact.slice(0, colon);
  const tag = colon === -1 ? "latest" : artifact.slice(colon + 1);
  if (!names.includes(name)) return null;
  const timestamp = tag === "latest" ? await latestBuild(root, name) : tag;
  if (timestamp === null || !(await listBuilds(root, name)).includes(timestamp)) return null;
  return await at(root, name, timestamp);
}
