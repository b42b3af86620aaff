import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startBackground, waitFor } from "./background.mjs";
import { logFile } from "./cache.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, lastLines } from "./run.mjs";
import { clearStalePid, PID_FILES } from "./stale-pid.mjs";
import { findFirst } from "./which.mjs";

export const ADMIN_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

/** Where dockerd is, or null where none is installed. @param {string} [searchPath] */
export function findDockerd(searchPath = process.env.PATH) {
  return findFirst("dockerd", `${searchPath}:${ADMIN_FOLDERS}`);
}

/** Asks the system's service manager, where there is one that works. @returns {Promise<boolean>} */
async function startService(log, signal) {
  if (existsSync("/run/systemd/system")) {
    return (await attempt("systemctl", ["start", "docker"], { log, signal, timeout: 60_000 })).ok;
  }
  if (!existsSync("/etc/init.d/docker") || !findFirst("service")) return false;
  return (await attempt("service", ["docker", "start"], { log, signal, timeout: 60_000 })).ok;
}

/**
 * Starts the installed engine: as a service where that works, else as a background process; waits until it answers.
 * @param {object} options
 * @param {string} options.dockerd
 * @param {string} options.cache
 * @param {AbortSignal} options.signal
 * @param {() => Promise<boolean>} options.answers whether the engine answers
 * @returns {Promise<"service" | "background process">}
 * @throws {SetupError} with dockerd's last lines when it does not answer within 30 s
 */
export async function startEngine({ dockerd, cache, signal, answers }) {
  if (await startService(logFile(cache, "engine"), signal)) {
    if (await waitFor(answers, 15, { signal })) return "service";
  }
  for (const { file, name } of PID_FILES) clearStalePid(file, name);
  const state = startBackground({
    program: dockerd,
    args: [],
    folder: join(cache, "engine"),
    name: "dockerd",
    searchPath: `${process.env.PATH}:${ADMIN_FOLDERS}`,
  });
  if (await waitFor(answers, 30, { signal, hasEnded: () => state.ended !== null }))
    return "background process";
  throw new SetupError(
    `${dockerd} was started but does not answer (${state.ended ?? "still running after 30 s"}): start a container ` +
      `engine, or set DOCKER_HOST to one.`,
    { log: state.log, lastLines: lastLines(readFileSync(state.log, "utf8")) },
  );
}
