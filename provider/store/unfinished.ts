import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SUFFIXES, type BuildPaths } from "./paths";
import { compareTimestamps, TIMESTAMP } from "./timestamp";

/** Logs of failed builds that an artifact keeps for people. */
export const FAILED_LOGS = 5;

/** The timestamp of a build's file, or null for anything else. */
function timestampOf(file: string, name: string, suffix: string): string | null {
  if (!file.startsWith(`${name}-`) || !file.endsWith(suffix)) return null;
  const timestamp = file.slice(name.length + 1, -suffix.length);
  return TIMESTAMP.test(timestamp) ? timestamp : null;
}

/** Timestamps of builds that have begun and not ended, by the names in an artifact's folder. */
export function claimed(names: readonly string[], name: string): string[] {
  return names.flatMap((file) => timestampOf(file, name, ".building") ?? []);
}

/**
 * Logs that have outlived their use: of builds that left nothing else, all but the newest few.
 *
 * @param keep how many stay
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
 * Removes all that a build without an end has left in its artifact's folder, half-written files included, but for
 * its log. The claim goes last: as long as it is there, the next one finds what is left.
 *
 * @param names what is in the folder
 */
export async function removeUnfinished(paths: BuildPaths, names: readonly string[]): Promise<void> {
  const own = names.map((name) => join(paths.directory, name)).filter((file) => isOf(paths, file));
  for (const file of own) await rm(file, { force: true });
  await rm(paths.building, { force: true });
}

function isOf(paths: BuildPaths, file: string): boolean {
  const ours = file.startsWith(join(paths.directory, `${paths.stem}.`));
  return ours && file !== paths.buildLog && file !== paths.building;
}
