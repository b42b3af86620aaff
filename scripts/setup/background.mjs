import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Starts a daemon as a process of its own that outlives the set-up, with its log (`<name>.log`) and its process id
 * (`<name>.pid`) in a folder.
 * @param {object} options
 * @param {string} options.program
 * @param {string[]} options.args
 * @param {string} options.folder
 * @param {string} options.name
 * @param {string} options.searchPath its PATH
 * @returns {{log: string, pidFile: string, ended: string | null}} ended: how it ended, once it has
 */
export function startBackground({ program, args, folder, name, searchPath }) {
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `${name}.log`);
  const pidFile = join(folder, `${name}.pid`);
  const file = openSync(log, "w");
  const env = { ...process.env, PATH: searchPath };
  const child = spawn(program, args, { stdio: ["ignore", file, file], detached: true, env });
  closeSync(file);
  const state = { log, pidFile, ended: null };
  child.on("error", (error) => (state.ended = error.message));
  child.on("exit", (code, signal) => (state.ended = signal ?? `exit ${code}`));
  if (child.pid !== undefined) writeFileSync(pidFile, `${child.pid}\n`);
  child.unref();
  return state;
}

/**
 * Waits for an answer.
 * @param {() => Promise<boolean>} answers
 * @param {number} seconds
 * @param {{signal: AbortSignal, hasEnded?: () => boolean}} options hasEnded: whether there is nobody left to answer
 * @returns {Promise<boolean>} whether it answered before the time was up
 */
export async function waitFor(answers, seconds, { signal, hasEnded }) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && !signal.aborted) {
    if (await answers()) return true;
    if (hasEnded?.()) return answers();
    await sleep(250);
  }
  return false;
}
