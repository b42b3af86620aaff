import { latestBuild, listBuilds, listLayers } from "./builds";
import { buildPaths, type BuildPaths } from "./paths";
import { readRecord, type BuildRecord } from "./record";
import { compareTimestamps } from "./timestamp";

/** A build of the store. */
export interface FoundBuild {
  paths: BuildPaths;
  record: BuildRecord;
}

async function at(root: string, layer: string, timestamp: string): Promise<FoundBuild | null> {
  const paths = buildPaths(root, layer, timestamp);
  const record = await readRecord(paths.record);
  return record === null ? null : { paths, record };
}

/**
 * The build that an artifact's name stands for: `<layer>:<timestamp>`, `<layer>` or `<layer>:latest` (the
 * build that `latest` points to), or an image ID; null when the store has none. Of several builds with one
 * image ID the newest counts.
 *
 * @throws {StoreError} when part of the store can't be read: then nobody knows which build is the newest
 */
export async function findBuild(root: string, artifact: string): Promise<FoundBuild | null> {
  const layers = await listLayers(root);
  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(artifact)?.[1];
  if (id !== undefined) {
    const found: FoundBuild[] = [];
    for (const layer of layers) {
      for (const timestamp of (await listBuilds(root, layer)).reverse()) {
        const build = await at(root, layer, timestamp);
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
  const layer = colon === -1 ? artifact : artifact.slice(0, colon);
  const tag = colon === -1 ? "latest" : artifact.slice(colon + 1);
  if (!layers.includes(layer)) return null;
  const timestamp = tag === "latest" ? await latestBuild(root, layer) : tag;
  if (timestamp === null || !(await listBuilds(root, layer)).includes(timestamp)) return null;
  return await at(root, layer, timestamp);
}
