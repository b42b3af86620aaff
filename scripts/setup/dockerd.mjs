import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logFile } from "./cache.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, lastLines } from "./run.mjs";
import { clearStalePid, PID_FILES } from "./stale-pid.mjs";
import { findFirst } from "./which.mjs";

const ADMIN_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

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
 * Starts dockerd as a process of its own that outlives the set-up, with its log in the cache folder and its process
 * id in `engine/dockerd.pid` beside it.
 */
function startProcess(dockerd, cache) {
  mkdirSync(join(cache, "engine"), { recursive: true });
  const log = join(cache, "engine", "dockerd.log");
  const file = openSync(log, "w");
  const env = { ...process.env, PATH: `${process.env.PATH}:${ADMIN_FOLDERS}` };
  const child = spawn(dockerd, [], { stdio: ["ignore", file, file], detached: true, env });
  closeSync(file);
  const state = { log, ended: null };
  child.on("error", (error) => (state.ended = error.message));
  child.on("exit", (code, signal) => (state.ended = signal ?? `exit ${code}`));
  if (child.pid !== undefined) writeFileSync(join(cache, "engine", "dockerd.pid"), `${child.pid}\n`);
  child.unref();
  return state;
}

/** @returns {Promise<boolean>} whether it answered before the time was up */
async function waitFor(answers, seconds, { signal, hasEnded }) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && !signal.aborted) {
    if (await answers()) return true;
    if (hasEnded?.()) return answers();
    await sleep(250);
  }
  return false;
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
  const state = startProcess(dockerd, cache);
  if (await waitFor(answers, 30, { signal, hasEnded: () => state.ended !== null }))
    return "background process";
  throw new SetupError(
    `${dockerd} was started but does not answer (${state.ended ?? "still running after 30 s"}): start a container ` +
      `engine, or set DOCKER_HOST to one.`,
    { log: state.log, lastLines: lastLines(readFileSync(state.log, "utf8")) },
  );
}
