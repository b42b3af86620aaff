import { spawn } from "node:child_process";
import { join } from "node:path";

const GRACE = 20_000;

/**
 * Runs mocha; a process that is still there 20 s after its last test (something was left open) is ended, and that is
 * a failure. SIGTERM and SIGINT are passed on to it.
 * @param {string} project
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {() => boolean} isOver whether the last test has ended
 * @returns {Promise<{ending: string, output: string}>} how it ended, `exit 0`, and what it wrote
 */
export function mocha(project, args, env, isOver) {
  return new Promise((resolve) => {
    const script = join(project, "node_modules", "mocha", "bin", "mocha.js");
    const child = spawn(process.execPath, [script, ...args], {
      cwd: project,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => output.push(part));
    let over = null;
    let left = false;
    const watch = setInterval(() => {
      if (over === null && isOver()) over = Date.now();
      if (over === null || Date.now() - over < GRACE) return;
      left = true;
      child.kill("SIGKILL");
    }, 500);
    const passOn = (signal) => child.kill(signal);
    process.on("SIGTERM", passOn).on("SIGINT", passOn);
    let ended = false;
    const end = (ending) => {
      if (ended) return;
      ended = true;
      clearInterval(watch);
      process.removeListener("SIGTERM", passOn).removeListener("SIGINT", passOn);
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ ending, output: Buffer.concat(output).toString() });
    };
    child.on("error", (error) => end(error.message));
    const ending = (code, signal) =>
      left ? "something was left open after the last test" : (signal ?? `exit ${code}`);
    child.on("close", (code, signal) => end(ending(code, signal)));
    // Its output may be held open by a process that a test left behind: that is none of mocha's end.
    child.on("exit", (code, signal) => setTimeout(() => end(ending(code, signal)), 2_000).unref());
  });
}
