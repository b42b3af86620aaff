import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readText } from "./files.mjs";
import { adminPath } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { lastLines } from "./run.mjs";

/** @typedef {{program: string, args: string[], folder: string, name: string}} Daemon */

/**
 * Removes a pid file that an engine which was killed has left, and whose number another process may have by now:
 * dockerd would take that one for itself and refuse to start. One whose process still has the name stays.
 * @type {(file: string, name: string) => void}
 */
export function clearStalePid(file, name) {
  const pid = Number.parseInt(readText(file) ?? "", 10);
  if (readText(`/proc/${pid}/comm`)?.trim() !== name) rmSync(file, { force: true });
}

/**
 * Waits until something answers, or the seconds are over, or it has ended without an answer.
 * @type {(answers: () => Promise<boolean>, seconds: number, signal: AbortSignal, hasEnded?: () => boolean) => Promise<boolean>}
 */
export async function waitFor(answers, seconds, signal, hasEnded = () => false) {
  const end = Date.now() + seconds * 1000;
  while (!(await answers())) {
    if (Date.now() > end || signal.aborted || hasEnded()) return false;
    await sleep(250);
  }
  return true;
}

/**
 * Starts a daemon as a process of its own that outlives the set-up, and waits until it answers. Its log (`<name>.log`)
 * and its process id (`<name>.pid`) are in the folder. Gives the file with the process id.
 * @type {(daemon: Daemon, context: Context, answers: () => Promise<boolean>) => Promise<string>}
 * @throws {SetupError} with its last lines when it has ended, or does not answer within 120 s
 */
export async function startDaemon({ program, args, folder, name }, { env, signal }, answers) {
  mkdirSync(folder, { recursive: true });
  const [log, pidFile] = [join(folder, `${name}.log`), join(folder, `${name}.pid`)];
  const output = openSync(log, "w");
  const options = { env: { ...env, PATH: adminPath(env) }, detached: true };
  const child = spawn(program, args, { ...options, stdio: ["ignore", output, output] });
  let ended = "";
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code, by) => (ended = by ?? `exit ${code}`));
  writeFileSync(pidFile, `${child.pid ?? ""}\n`);
  child.unref();
  if (await waitFor(answers, 120, signal, () => ended !== "")) return pidFile;
  const trouble = `${program} was started but does not answer (${ended || "still running after 120 s"})`;
  const evidence = { log, lastLines: lastLines(readFileSync(log, "utf8")) };
  throw new SetupError(`${trouble}: start it by hand, or read its log.`, evidence);
}
