import { hideCredentials } from "../../base/words/credentials";
import { isInImage } from "../../packages/lock/transient";
import { relative, sep } from "node:path";
import type { Lock } from "../../packages/lock/types";
import type { BuildRecord } from "../../store/record";
import type { BuildPaths } from "../../store/paths";
import type { Verification } from "../../store/verified-state";
import type { ImageOutputs } from "./image-outputs";

/**
 * How many packages of each ecosystem are in the image itself. Packages that are only in other stages, or that were removed
 * again, do not count.
 */
export function countPackages(lock: Lock): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of lock.packages) {
    if (isInImage(item)) counts.set(item.ecosystem, (counts.get(item.ecosystem) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A path relative to a directory, with forward slashes; never absolute, never empty. */
export function relativePath(directory: string, path: string): string {
  const result = relative(directory, path).split(sep).join("/");
  return result === "" ? "." : result;
}

/** Makes the outputs of a build from its record, lock and verdict. */
export function makeOutputs(
  record: BuildRecord,
  lock: Lock,
  verification: Verification,
  paths: BuildPaths,
  directory: string,
): ImageOutputs {
  return {
    imageId: record.imageId,
    digest: null,
    reference: record.reference,
    timestamp: record.timestamp,
    recipeHash: record.recipeHash,
    contextHash: record.contextHash,
    lockHash: record.lockHash,
    lockFile: relativePath(directory, paths.lock),
    lockedRecipe: relativePath(directory, paths.locked),
    buildLog: relativePath(directory, paths.buildLog),
    baseImages: lock.bases,
    packages: countPackages(lock),
    // Locks of older versions can have credentials here.
    unpinned: lock.unpinned.map((step) => ({ ...step, text: hideCredentials(step.text) })),
    notCaptured: lock.notCaptured,
    verified: verification.state,
    proof: verification.proof ?? null,
    drift: verification.drift,
    reason: verification.reason,
    revision: record.revision,
  };
}
