import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { runScript } from "./child.mjs";
import { judge, judgeTool } from "./counts.mjs";

/** What reporter.cjs writes. */
const count = z.number();
const failure = z.object({ title: z.string(), message: z.string() });
const WRITTEN = z.object({ passed: count, failed: count, skipped: count, failures: z.array(failure) });

/**
 * @typedef {object} Options
 * @property {string} project
 * @property {NodeJS.ProcessEnv} env
 * @property {string[]} rest further arguments for mocha
 */

/**
 * Runs mocha and counts.
 * @param {string[]} files @param {Options} options
 */
async function runMocha(files, { project, env, rest }) {
  const temporary = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  try {
    const counts = join(temporary, "counts.json");
    const command = [
      "mocha/bin/mocha.js",
      ...["--reporter", join(project, "scripts", "tests", "reporter.cjs")],
      ...["--reporter-option", `counts=${counts}`],
      ...(env.CI ? ["--forbid-only"] : []),
      ...rest,
      ...files.flatMap((file) => ["--spec", file]),
    ];
    const { ending, output } = await runScript(project, command, env, () => existsSync(counts));
    const written = existsSync(counts) ? WRITTEN.parse(JSON.parse(readFileSync(counts, "utf8"))) : null;
    return { ...judge(written, ending, { mayBeEmpty: rest.length > 0 }), output };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Runs one job and counts.
 * @param {import("./jobs.mjs").Job} job @param {Options} options
 */
export async function runJob(job, options) {
  const started = performance.now();
  const { project, env } = options;
  const done = async () => {
    if (job.command) return judgeTool(await runScript(project, job.command, env));
    if (job.files.length > 0) return runMocha(job.files, options);
    return { ...judge({ passed: 0, failed: 0, skipped: 0, failures: [] }, "exit 0"), output: "" };
  };
  const result = await done();
  return { ...job, ...result, milliseconds: performance.now() - started };
}
