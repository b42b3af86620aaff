import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

const MOUNTS = "/proc/self/mounts";

/**
 * The mount points below a folder, the deepest first, from the text of /proc/self/mounts (where a space in a path is
 * written as `\040`).
 * @param {string} mounts
 * @param {string} folder
 */
export function mountsBelow(mounts, folder) {
  return mounts
    .split("\n")
    .map((line) =>
      (line.split(" ")[1] ?? "").replace(/\\([0-7]{3})/g, (_, code) =>
        String.fromCharCode(parseInt(code, 8)),
      ),
    )
    .filter((path) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
}

/**
 * Removes a temporary folder with all that is in it. File systems mounted below it (an interrupted debootstrap leaves
 * /proc there) are unmounted first; where that fails nothing is removed and the error is thrown.
 * @param {string} folder
 */
export function discard(folder) {
  if (existsSync(MOUNTS)) {
    for (const path of mountsBelow(readFileSync(MOUNTS, "utf8"), folder)) {
      execFileSync("umount", [path], { stdio: ["ignore", "ignore", "pipe"] });
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
