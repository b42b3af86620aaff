import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judge } from "./counts.mjs";
import { mocha } from "./mocha.mjs";

/**
 * Runs one job and counts. A job without any test file is a failure.
 * @param {import("./jobs.mjs").Job} job
 * @param {{project: string, env: NodeJS.ProcessEnv, rest: string[]}} options rest: further arguments for mocha
 */
export async function runJob(job, { project, env, rest }) {
  const started = performance.now();
  const result = (counts, output) => ({
    ...job,
    ...counts,
    output,
    milliseconds: performance.now() - started,
  });
  if (job.files.length === 0) {
    const failures = [{ title: "no tests", message: "there is no test file" }];
    return result({ passed: 0, failed: 1, skipped: 0, failures }, "");
  }
  const temporary = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  try {
    const counts = join(temporary, "counts.json");
    const args = [
      ...["--reporter", join(project, "scripts", "tests", "reporter.cjs")],
      ...["--reporter-option", `counts=${counts}`],
      ...(env.CI ? ["--forbid-only"] : []),
      ...rest,
      ...job.files.flatMap((file) => ["--spec", file]),
    ];
    const { ending, output } = await mocha(project, args, env, () => existsSync(counts));
    const written = existsSync(counts) ? JSON.parse(readFileSync(counts, "utf8")) : null;
    return result(judge(written, ending), output);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
