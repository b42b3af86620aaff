import { spawnSync } from "node:child_process";
import { join } from "node:path";

/**
 * Lists what the tests of this project have on the engine and in the folder for temporary files, as
 * test/support/inventory.ts does: without a `file` that is there it is written, else what has come since is printed.
 * @param {string} project
 * @param {NodeJS.ProcessEnv} env
 * @param {string} file
 * @returns {import("./counts.mjs").Failure[]} empty when nothing is left, or when this is the first call
 */
export function leftSince(project, env, file) {
  const script = join(project, "test", "support", "inventory.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, file], {
    cwd: project,
    env,
    encoding: "utf8",
  });
  if (status === 0) return [];
  return [{ title: "nothing is left by the tests", message: (stdout + stderr).trim() || `exit ${status}` }];
}
