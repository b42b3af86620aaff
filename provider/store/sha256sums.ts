import type { BuildRecord } from "./record";
import { type SUFFIXES } from "./paths";

type Recorded = Pick<BuildRecord, "name" | "timestamp" | "lockHash" | "lockedHash" | "recipeHash">;

/**
 * The hashes of a build's evidence (lock, locked recipe, recipe) at the time of the build. `sha256sum --check` reads
 * this form in the artifact's folder of the store.
 */
export function sha256sums({ name, timestamp, lockHash, lockedHash, recipeHash }: Recorded): string {
  const line = (hash: string, suffix: (typeof SUFFIXES)[number]): string =>
    `${hash.replace(/^sha256:/, "")}  ${name}-${timestamp}${suffix}\n`;
  return line(lockedHash, ".Dockerfile") + line(lockHash, ".lock") + line(recipeHash, ".rough.Dockerfile");
}
