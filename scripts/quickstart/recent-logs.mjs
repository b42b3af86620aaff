import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const DEPTH = 6;
const SKIPPED = new Set(["node_modules", ".git", ".pulumi"]);

/**
 * The build and verification logs of the artifact store that were written since a moment, the newest first.
 * @param {string} folder where to look
 * @param {number} since milliseconds since the epoch
 * @param {number} [depth]
 * @returns {{file: string, time: number}[]}
 */
export function recentLogs(folder, since, depth = DEPTH) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0 && !SKIPPED.has(entry.name))
      found.push(...recentLogs(file, since, depth - 1));
    if (entry.isFile() && /\.(build|verify)\.log$/.test(entry.name)) {
      const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (time >= since) found.push({ file, time });
    }
  }
  return found.sort((a, b) => b.time - a.time);
}
