import { spawnSync } from "node:child_process";
import { SetupError } from "../setup/failure.mjs";

/**
 * Runs a script in TypeScript that makes what several test files share, unless it is there.
 * @param {string} project
 * @param {NodeJS.ProcessEnv} env
 * @param {string} script its path below the project
 * @throws {SetupError} with what the script has said
 */
export function prepare(project, env, script) {
  const args = ["--import", "tsx", script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    env,
    encoding: "utf8",
  });
  if (status === 0) return;
  const lastLines = (stdout + stderr).trim().split("\n").slice(-20);
  throw new SetupError(`${script} failed, so the tests that need what it makes can't run.`, { lastLines });
}
