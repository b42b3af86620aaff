import { isThere } from "../provider/base/is-there";
import { readFile } from "node:fs/promises";
import { isVerifiedImagesError } from "../provider/base/errors/base";
import { parseLock } from "../provider/packages/lock/parse";
import { countPackages } from "../provider/build/roundtrip/outputs";
import { latestBuild, listBuilds } from "../provider/store/builds";
import { StoreError } from "../provider/base/errors/store-error";
import { isKept } from "../provider/store/keep";
import { buildPaths } from "../provider/store/paths";
import { latestScitexBuild, listScitexBuilds } from "../provider/store/scitex/builds";
import { scitexLock, scitexVerification } from "../provider/store/scitex/verification";
import { readRecord } from "../provider/store/record";
import type { Background } from "../provider/store/verified-state";
import { readVerification } from "../provider/store/verification";
import type { VerifiedState } from "../provider/store/verified-state";

/** One build of a store, as `list` shows it. */
export interface ListedBuild {
  name: string;
  timestamp: string;
  reference: string;
  state: VerifiedState;
  /** The verification that runs in the background, or that ended there without a verdict; null: there is none. */
  background: Background | null;
  /** Ecosystem -> number of packages in the image; null when that can't be read. */
  packages: Record<string, number> | null;
  imageId: string | null;
  revision: string | null;
  latest: boolean;
  kept: boolean;
  /** What changed in the context during the build, in a sentence; null: nothing did. */
  contextChanged: string | null;
  /** The tool that wrote the build; left out: this one. */
  writer?: string;
  /** Why part of the build can't be read; null: all of it can. */
  problem: string | null;
}

type Facts = Omit<ListedBuild, "name" | "timestamp" | "reference" | "latest" | "kept">;

async function factsOf(root: string, name: string, timestamp: string): Promise<Facts> {
  const nothing: Facts = {
    state: "unknown",
    background: null,
    packages: null,
    imageId: null,
    revision: null,
    contextChanged: null,
    problem: null,
  };
  const paths = buildPaths(root, name, timestamp);
  try {
    const record = await readRecord(paths.record);
    if (record === null) return { ...nothing, problem: "the build record is missing" };
    const { imageId, revision, contextChanged = null } = record;
    const known = { ...nothing, imageId, revision, contextChanged };
    const lock = await readFile(paths.lock).catch((error: unknown) => {
      throw new StoreError(`the lock ${paths.lock} can't be read`, paths.lock, { cause: error });
    });
    const { state, background = null } = await readVerification(paths, imageId);
    return { ...known, state, background, packages: countPackages(parseLock(lock)) };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return { ...nothing, problem: error.message };
  }
}

/** An artifact's builds, the newest first. A build that can't be read is listed with the reason. */
export async function listedBuilds(root: string, name: string): Promise<ListedBuild[]> {
  const [timestamps, latest] = await Promise.all([listBuilds(root, name), latestBuild(root, name)]);
  const own = await Promise.all(
    timestamps.reverse().map(async (timestamp) => ({
      name,
      timestamp,
      reference: `${name}:${timestamp}`,
      ...(await factsOf(root, name, timestamp)),
      latest: timestamp === latest,
      kept: await isKept(buildPaths(root, name, timestamp)),
    })),
  );
  return [...own, ...(await scitexBuilds(root, name))];
}

/** The builds in the same folder that scitex-container wrote. */
async function scitexBuilds(root: string, name: string): Promise<ListedBuild[]> {
  const latest = await latestScitexBuild(root, name);
  const builds = await listScitexBuilds(root, name);
  return await Promise.all(
    builds.map(async (build) => {
      const { state } = await scitexVerification(build);
      const packages = await scitexLock(build).then(countPackages, () => null);
      const { timestamp, keep } = build;
      return {
        ...{
          name,
          timestamp,
          reference: `${name}:${timestamp}`,
          state,
          packages,
          writer: "scitex-container",
        },
        ...{ background: null, imageId: null, revision: null, contextChanged: null, problem: null },
        ...{ latest: timestamp === latest, kept: await isThere(keep) },
      };
    }),
  );
}
