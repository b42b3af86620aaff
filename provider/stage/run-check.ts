import { run } from "../base/process/run";
import { CHECK_PROGRAM, checkEnvironment, type CheckRun } from "./check-run";

/** Seconds beyond the check's own limit in which its program says how it ended. */
const BEYOND = 30;

/**
 * Runs a staging check as a release's step does, without Pulumi.
 *
 * @returns what the program printed: its last line says how the check ended
 * @throws {CommandError} when Node.js itself can't be run
 */
export async function runCheck(check: CheckRun): Promise<string> {
  const { stdout } = await run(process.execPath, ["-e", CHECK_PROGRAM], {
    title: "the staging check",
    env: checkEnvironment(check),
    timeoutMs: (check.seconds + BEYOND) * 1000,
  });
  return stdout;
}
