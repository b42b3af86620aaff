import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SUFFIXES, type BuildPaths } from "./paths";
import { compareTimestamps, TIMESTAMP } from "./timestamp";

/** How many logs of failed builds are kept for each artifact. */
export const FAILED_LOGS = 5;

/** The timestamp in a file's name; null when it is no file of a build of this artifact. */
function timestampOf(file: string, name: string, suffix: string): string | null {
  if (!file.startsWith(`${name}-`) || !file.endsWith(suffix)) return null;
  const timestamp = file.slice(name.length + 1, -suffix.length);
  return TIMESTAMP.test(timestamp) ? timestamp : null;
}

/** The timestamps of builds that have begun and not ended. `names` are the files in the artifact's folder. */
export function claimed(names: readonly string[], name: string): string[] {
  return names.flatMap((file) => timestampOf(file, name, ".building") ?? []);
}

/**
 * The logs of failed builds that can go: all except the newest `keep`. A failed build is one that left only its log.
 *
 * @param names the files in the artifact's folder
 * @param keep how many logs stay
 */
export function oldFailedLogs(names: readonly string[], name: string, keep: number = FAILED_LOGS): string[] {
  const present = new Set(names);
  const failed = names
    .flatMap((file) => timestampOf(file, name, ".build.log") ?? [])
    .filter((timestamp) =>
      SUFFIXES.every((suffix) => suffix === ".build.log" || !present.has(`${name}-${timestamp}${suffix}`)),
    )
    .sort(compareTimestamps);
  return failed.slice(0, Math.max(0, failed.length - keep)).map((stamp) => `${name}-${stamp}.build.log`);
}

/**
 * Removes what an unfinished build has left in its artifact's folder, half-written files included. Its log stays. The
 * claim is removed last: as long as it is there, the next build finds what is left.
 *
 * @param names the files in the artifact's folder
 */
export async function removeUnfinished(paths: BuildPaths, names: readonly string[]): Promise<void> {
  const own = names.map((name) => join(paths.directory, name)).filter((file) => isOf(paths, file));
  for (const file of own) await rm(file, { recursive: file === paths.pins, force: true });
  await rm(paths.building, { force: true });
}

function isOf(paths: BuildPaths, file: string): boolean {
  const ours = file.startsWith(join(paths.directory, `${paths.stem}.`));
  return ours && file !== paths.buildLog && file !== paths.building;
}
