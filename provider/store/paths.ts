import { join } from "node:path";

/** The files of one build in the store. All paths are absolute. */
export interface BuildPaths {
  directory: string;
  /** `<name>-<timestamp>`. */
  stem: string;
  lock: string;
  record: string;
  rough: string;
  locked: string;
  /** The ignore rules of the locked recipe. Docker finds them by this name. */
  lockedIgnore: string;
  /** An image that is a file. */
  sif: string;
  /** The same as `rough` and `locked`, of a definition file. */
  roughDefinition: string;
  lockedDefinition: string;
  /** The folder of the pins that the locked recipe mounts. */
  pins: string;
  buildLog: string;
  verifyLog: string;
  verified: string;
  unverified: string;
  keep: string;
  /** The claim of a build that has begun and not ended. */
  building: string;
  /** Which process verifies the build in the background, or did last. */
  verifying: string;
  /** Relative symlink to the newest lock, or to the newest image that is a file. */
  latest: string;
}

/** The endings of all files and folders that belong to one build. */
export const SUFFIXES = [
  ".lock",
  ".build.json",
  ".rough.Dockerfile",
  ".Dockerfile",
  ".Dockerfile.dockerignore",
  ".sif",
  ".rough.def",
  ".def",
  ".pins",
  ".build.log",
  ".verify.log",
  ".verified",
  ".unverified",
  ".keep",
  ".building",
  ".verifying",
] as const;

export function buildPaths(root: string, name: string, timestamp: string): BuildPaths {
  const directory = join(root, name);
  const stem = `${name}-${timestamp}`;
  const at = (suffix: (typeof SUFFIXES)[number]): string => join(directory, `${stem}${suffix}`);
  return {
    directory,
    stem,
    lock: at(".lock"),
    record: at(".build.json"),
    rough: at(".rough.Dockerfile"),
    locked: at(".Dockerfile"),
    lockedIgnore: at(".Dockerfile.dockerignore"),
    sif: at(".sif"),
    roughDefinition: at(".rough.def"),
    lockedDefinition: at(".def"),
    pins: at(".pins"),
    buildLog: at(".build.log"),
    verifyLog: at(".verify.log"),
    verified: at(".verified"),
    unverified: at(".unverified"),
    keep: at(".keep"),
    building: at(".building"),
    verifying: at(".verifying"),
    latest: join(directory, "latest"),
  };
}
