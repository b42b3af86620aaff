import { parseImageId } from "../base/reference/digest";
import { imageIdHex } from "../base/reference/grammar";
import { digestsOf, digestsOfFile, sameImage, type ImageDigests } from "../engines/image-digests";
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

/** What a build's image is known by, as far as the record says. */
export const digestsOfBuild = ({ imageId, configDigest, engine }: BuildRecord): ImageDigests => {
  if (engine.kind === "apptainer") return digestsOfFile(imageId);
  const known = digestsOf({ id: imageId }, engine);
  return { ...known, config: configDigest ?? known.config };
};

/** What a store has of an image. */
export interface FoundImage {
  /** The newest build of it; null: the store is not known to have any. */
  build: FoundBuild | null;
  /** A build of which it can't be told whether it is this image. */
  doubtful: FoundBuild | null;
}

/**
 * The build of an image, under whatever digest the engine that built it knew it.
 *
 * @throws {StoreError} when part of the store can't be read: then nobody knows which build is the newest
 */
export async function findBuildOf(root: string, image: ImageDigests): Promise<FoundImage> {
  const found: FoundBuild[] = [];
  let doubtful: FoundBuild | null = null;
  for (const name of await listNames(root)) {
    for (const timestamp of (await listBuilds(root, name)).reverse()) {
      const build = await at(root, name, timestamp);
      if (build === null) continue;
      const answer = sameImage(image, digestsOfBuild(build.record));
      if (answer === "can't tell") doubtful ??= build;
      if (answer !== "same") continue;
      found.push(build);
      break;
    }
  }
  found.sort((a, b) => compareTimestamps(b.record.timestamp, a.record.timestamp));
  return { build: found[0] ?? null, doubtful };
}

/**
 * The build that an artifact's name stands for: `<name>:<timestamp>`, `<name>` or `<name>:latest` (the build that
 * `latest` points to), or an image ID, also that of an engine with another image store. Null when the store has none. If
 * several builds have the same image, the newest counts.
 *
 * @throws {StoreError} as {@link findBuildOf} does
 */
export async function findBuild(root: string, artifact: string): Promise<FoundBuild | null> {
  if (imageIdHex(artifact) !== null) {
    const image = { id: parseImageId(artifact), config: null, registry: [] };
    return (await findBuildOf(root, image)).build;
  }
  const names = await listNames(root);
  const colon = artifact.lastIndexOf(":");
  const name = colon === -1 ? artifact : artifact.slice(0, colon);
  const tag = colon === -1 ? "latest" : artifact.slice(colon + 1);
  if (!names.includes(name)) return null;
  const timestamp = tag === "latest" ? await latestBuild(root, name) : tag;
  if (timestamp === null || !(await listBuilds(root, name)).includes(timestamp)) return null;
  return await at(root, name, timestamp);
}
