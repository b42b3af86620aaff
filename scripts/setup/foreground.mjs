import { spawn } from "node:child_process";
import { constants } from "node:os";

/** npm passes signals on that the terminal or the service manager sends to this process as well. Milliseconds. */
const REPEAT = 500;

/**
 * Runs a command with this process's terminal, and passes signals on. Ctrl-C on a terminal reaches the command anyway,
 * and a second SIGINT would make Pulumi give up at once. Gives the exit code: 128 + the signal's number when one ended it.
 * @type {(command: string, args: string[], options: {cwd: string, env: NodeJS.ProcessEnv}) => Promise<number>}
 */
export function foreground(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: "inherit" });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    let last = -Infinity;
    process.on(signal, () => {
      const isRepeated = Date.now() - last < REPEAT;
      last = Date.now();
      if (!isRepeated && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
