import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { buildPaths } from "./paths";

/** `YYYYMMDDTHHMMSSmmmZ`, UTC. `-N` follows if there already is a build of the same millisecond. */
export const TIMESTAMP = /^[0-9]{8}T[0-9]{9}Z(?:-[1-9][0-9]*)?$/;

export function formatTimestamp(moment: Date): string {
  return moment.toISOString().replace(/[-:.]/g, "");
}

/** Compares timestamps by time, then by the number after `-`. */
export function compareTimestamps(a: string, b: string): number {
  const [timeA = "", countA = "0"] = a.split("-");
  const [timeB = "", countB = "0"] = b.split("-");
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return Number(countA) - Number(countB);
}

/**
 * Takes a timestamp for a new build by making the build's log, which must not exist yet. So two builds never have the
 * same timestamp, not even in two processes.
 */
export async function claimTimestamp(root: string, name: string, moment: Date): Promise<string> {
  const base = formatTimestamp(moment);
  for (let count = 0; ; count++) {
    const timestamp = count === 0 ? base : `${base}-${count}`;
    const paths = buildPaths(root, name, timestamp);
    await mkdir(paths.directory, { recursive: true });
    try {
      const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
      await (await open(paths.buildLog, flags, 0o600)).close();
      return timestamp;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
