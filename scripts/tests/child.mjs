import { spawn } from "node:child_process";
import { join } from "node:path";

const GRACE = 20_000;

/**
 * Runs a script of `node_modules` with Node.js. A process that is still there 20 s after its work is over (something was
 * left open) is ended, and that is a failure. SIGTERM and SIGINT are passed on to it.
 * @param {string} project
 * @param {string[]} command the script, and its arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {() => boolean} [isOver] whether it has done its work, and should end
 * @returns {Promise<{ending: string, output: string}>} how it ended, `exit 0`, and what it wrote
 */
export function runScript(project, [script = "", ...args], env, isOver = () => false) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(project, "node_modules", script), ...args], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (/** @type {Buffer} */ part) => output.push(part));
    }
    /** @type {number | null} */
    let over = null;
    let left = false;
    const watch = setInterval(() => {
      if (over === null && isOver()) over = Date.now();
      if (over === null || Date.now() - over < GRACE) return;
      left = true;
      child.kill("SIGKILL");
    }, 500);
    const passOn = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on("SIGTERM", passOn).on("SIGINT", passOn);
    let ended = false;
    const end = (/** @type {string} */ ending) => {
      if (ended) return;
      ended = true;
      clearInterval(watch);
      process.removeListener("SIGTERM", passOn).removeListener("SIGINT", passOn);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ ending, output: Buffer.concat(output).toString() });
    };
    const ending = (/** @type {number | null} */ code, /** @type {string | null} */ signal) =>
      left ? "something was left open after the last test" : (signal ?? `exit ${code}`);
    child.on("error", (error) => end(error.message));
    child.on("close", (code, signal) => end(ending(code, signal)));
    // Its output may be held open by a process that a test left behind: that is none of its own end.
    child.on("exit", (code, signal) => setTimeout(() => end(ending(code, signal)), 2_000).unref());
  });
}
