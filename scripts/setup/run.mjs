import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { SetupError, StoppedError } from "./failure.mjs";

const KEPT = 1024 * 1024;
const LAST_LINES = 15;

/**
 * @typedef {object} Options
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] default: the environment of this process
 * @property {string} [log] a file that the whole output is appended to
 * @property {number} [timeout] milliseconds; without it the command may take as long as it likes
 * @property {AbortSignal} [signal] ends the command's whole process group
 */

/** @param {number} pid @param {NodeJS.Signals} signal */
function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/**
 * Runs a command without a terminal and tells how it ended; it fails only when the set-up is being stopped. stdout
 * and stderr hold at most the last mebibyte.
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<{ok: boolean, stdout: string, stderr: string, ending: string}>} ending: `exit 1`, `SIGKILL`,
 *   `no end within 20 s`, or why the command could not be started
 */
export async function attempt(command, args, options = {}) {
  if (options.signal?.aborted) throw new StoppedError();
  const log = options.log === undefined ? null : openSync(options.log, "a");
  if (log !== null) writeSync(log, `$ ${[command, ...args].join(" ")}\n`);
  const output = { stdout: "", stderr: "" };
  try {
    const ending = await new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: options.cwd,
        env: options.env ?? process.env,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      let timer;
      let late;
      const stop = () => {
        if (child.pid === undefined) return;
        killGroup(child.pid, "SIGTERM");
        late ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), 5000);
      };
      let timedOut = false;
      if (options.timeout !== undefined) {
        timer = setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeout);
      }
      options.signal?.addEventListener("abort", stop);
      const end = (words) => {
        clearTimeout(timer);
        clearTimeout(late);
        options.signal?.removeEventListener("abort", stop);
        resolve(timedOut ? `no end within ${options.timeout / 1000} s` : words);
      };
      for (const stream of ["stdout", "stderr"]) {
        child[stream].setEncoding("utf8");
        child[stream].on("data", (text) => {
          output[stream] = (output[stream] + text).slice(-KEPT);
          if (log !== null) writeSync(log, text);
        });
      }
      child.on("error", (error) => end(error.message));
      child.on("close", (code, signal) => end(signal ?? `exit ${code}`));
    });
    if (options.signal?.aborted) throw new StoppedError();
    return { ok: ending === "exit 0", ...output, ending };
  } finally {
    if (log !== null) closeSync(log);
  }
}

/**
 * Runs a command that has to succeed.
 * @param {string} what the command's purpose, the subject of the sentence when it fails: `npm ci`
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<string>} its standard output
 * @throws {SetupError} with the log and the last lines
 */
export async function run(what, command, args, options = {}) {
  const result = await attempt(command, args, options);
  if (result.ok) return result.stdout;
  if (result.ending.endsWith("ENOENT")) {
    throw new SetupError(`${what} needs \`${command}\`, which is not on PATH: install it.`);
  }
  throw new SetupError(`${what} failed (${result.ending}).`, {
    log: options.log,
    lastLines: lastLines(result.stderr.trim() === "" ? result.stdout : `${result.stdout}\n${result.stderr}`),
  });
}

/**
 * The last lines of a text that are not empty.
 * @param {string} text
 * @param {number} [count]
 */
export function lastLines(text, count = LAST_LINES) {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-count);
}
