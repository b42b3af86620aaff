import { run } from "../base/process/run";
import { CHECK_PROGRAM, checkEnvironment, type CheckRun } from "./check-run";

/** Seconds that the program gets after the check's own limit, to report how the check ended. */
const BEYOND = 30;

/**
 * Runs a staging check without Pulumi, with the same program that a `StagedRelease` uses.
 *
 * @returns the program's output; its last line says how the check ended
 * @throws {CommandError} when Node.js can't be started
 */
export async function runCheck(check: CheckRun): Promise<string> {
  const { stdout } = await run(process.execPath, ["-e", CHECK_PROGRAM], {
    title: "the staging check",
    env: checkEnvironment(check),
    timeoutMs: (check.seconds + BEYOND) * 1000,
  });
  return stdout;
}
