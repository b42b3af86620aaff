import { spawn } from "node:child_process";
import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];
const REPEAT = 500;

/**
 * Runs a command in the foreground, with this process's terminal, and passes signals on. On a terminal Ctrl-C
 * reaches the command anyway, and a second SIGINT would make Pulumi give up at once, so there it is not passed on;
 * the same signal twice within half a second (npm passes signals on too) counts once.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<number>} the exit code; 128 + the signal's number when a signal ended it
 */
export function foreground(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: "inherit" });
    const last = new Map();
    const passOn = (signal) => {
      const now = Date.now();
      const isRepeated = now - (last.get(signal) ?? -Infinity) < REPEAT;
      last.set(signal, now);
      if (!isRepeated && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, passOn);
    const end = () => SIGNALS.forEach((signal) => process.removeListener(signal, passOn));
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (code, signal) => {
      end();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
