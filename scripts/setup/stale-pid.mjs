import { readFileSync, rmSync } from "node:fs";

/** Where dockerd and the containerd that it starts leave their process ids. */
export const PID_FILES = [
  { file: "/var/run/docker.pid", name: "dockerd" },
  { file: "/var/run/docker/containerd/containerd.pid", name: "containerd" },
];

/** The name of a running process (Linux), or null where there is none. @param {number} pid */
function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return null;
  }
}

/**
 * Removes a pid file that an engine which was killed has left, and whose number another process may have by now:
 * dockerd would take that one for itself and refuse to start. One whose process still has the name stays.
 * @param {string} file
 * @param {string} name
 * @returns {boolean} whether it was removed
 */
export function clearStalePid(file, name) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return false;
  }
  if (nameOf(Number.parseInt(text, 10)) === name) return false;
  rmSync(file, { force: true });
  return true;
}
