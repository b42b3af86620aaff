import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { SetupError } from "./failure.mjs";

const KEPT = 1024 * 1024;

/** @typedef {{cwd?: string, env?: NodeJS.ProcessEnv, log?: string, timeout?: number, signal?: AbortSignal}} Options */
/** @typedef {{ok: boolean, stdout: string, stderr: string, ending: string}} Result */

/**
 * Runs a command without a terminal and tells how it ended (`exit 1`, `SIGKILL`, `no end within 20 s`, or why it could
 * not be started). It throws only when the set-up is being stopped: the signal ends the command's whole process group, and
 * so does the timeout (milliseconds; none unless given). All output is appended to the log; stdout and stderr hold at
 * most the last mebibyte of it.
 * @type {(command: string, args: string[], options?: Options) => Promise<Result>}
 */
export async function attempt(command, args, { cwd, env = process.env, log, timeout, signal } = {}) {
  signal?.throwIfAborted();
  const write = (/** @type {string} */ text) => log !== undefined && appendFileSync(log, text);
  write(`$ ${[command, ...args].join(" ")}\n`);
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const kill = (/** @type {NodeJS.Signals} */ by) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, by);
    } catch {
      // All of the group have ended.
    }
  };
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const stop = () => {
    kill("SIGTERM");
    timer ??= setTimeout(kill, 5000, "SIGKILL");
  };
  const limit = timeout === undefined ? null : AbortSignal.timeout(timeout);
  for (const stopping of [signal, limit]) stopping?.addEventListener("abort", stop);
  const output = { stdout: "", stderr: "" };
  for (const name of /** @type {const} */ (["stdout", "stderr"])) {
    child[name].setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      output[name] = (output[name] + text).slice(-KEPT);
      write(text);
    });
  }
  const ending = await new Promise((/** @type {(words: string) => void} */ resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, by) => resolve(by ?? `exit ${code}`));
  });
  clearTimeout(timer);
  for (const stopping of [signal, limit]) stopping?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (limit?.aborted) return { ok: false, ...output, ending: `no end within ${Number(timeout) / 1000} s` };
  return { ok: ending === "exit 0", ...output, ending };
}

/**
 * Runs a command that has to succeed; gives its standard output. `what` is its purpose, the subject of the sentence when
 * it fails: `npm ci`.
 * @type {(what: string, command: string, args: string[], options?: Options) => Promise<string>}
 * @throws {SetupError} with the log and the last lines
 */
export async function run(what, command, args, options) {
  const { ok, stdout, stderr, ending } = await attempt(command, args, options);
  if (ok) return stdout;
  const isMissing = ending.endsWith("ENOENT");
  if (isMissing) throw new SetupError(`${what} needs \`${command}\`, which is not on PATH: install it.`);
  const shown = lastLines(stderr.trim() === "" ? stdout : `${stdout}\n${stderr}`);
  throw new SetupError(`${what} failed (${ending}).`, { log: options?.log, lastLines: shown });
}

/** The last lines of a text that are not empty. @param {string} text */
export function lastLines(text, count = 15) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.slice(-count);
}

/** Why a command failed, in a line. @param {Result} result */
export const reasonOf = ({ stderr, ending }) => lastLines(stderr, 1)[0] ?? ending;
