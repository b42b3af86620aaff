import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSeconds } from "../setup/report.mjs";
import { countsLine, failedOnce, failureLines, sum } from "./counts.mjs";
import { coverageLine } from "./coverage.mjs";
import { jobsOf, listedIn } from "./jobs.mjs";
import { inLanes, LANES } from "./lanes.mjs";
import { leftSince } from "./leftovers.mjs";
import { prepare } from "./prepare.mjs";
import { runJob } from "./run-job.mjs";
import { knownTimes, longestFirst, rememberTimes, timeLines } from "./times.mjs";

/** @typedef {Awaited<ReturnType<typeof runJob>>} Result */

/** Prints what a job wrote, and its counts. @param {Result} result */
function print({ name, output, milliseconds, ...counts }) {
  console.log(`\ntests   ${name}\n${output}`);
  console.log(`tests   ${name}: ${countsLine(counts)} in ${formatSeconds(milliseconds)}`);
}

/** Whether this process was told to end; the jobs that run are told, too. */
function endedBySignal() {
  let ended = false;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (ended = true));
  return () => ended;
}

/** Counts and failures of the run itself, as those of a job. @param {string} name @param {import("./counts.mjs").Counts & {failures: import("./counts.mjs").Failure[]}} judged */
const ofTheRun = (name, judged) => ({ part: name, name, files: [], output: "", milliseconds: 0, ...judged });

/**
 * Runs parts of the tests; prints each job's output when it has ended, then each part's counts, then once more what
 * failed, and at last all counts in one line.
 * @param {ReturnType<typeof import("./parts.mjs").chooseParts>} choice
 * @param {{project: string, cache: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function runParts({ parts, only, rest, quick }, { project, cache, env }) {
  const jobs = longestFirst(jobsOf(parts, listedIn(project), { only, quick }), knownTimes(cache));
  const isWhole = only.length === 0 && rest.length === 0;
  const folder = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  const started = performance.now();
  try {
    const [before, coverage] = [join(folder, "before.json"), join(folder, "coverage")];
    const real = parts.some((part) => part.real);
    const isCovered = isWhole && !quick && parts.some(({ name }) => name === "unit");
    for (const script of new Set(parts.map((part) => part.prepare)))
      if (script) prepare(project, env, script);
    const unreadable = real ? leftSince(project, env, before) : [];
    const isEnded = endedBySignal();
    const run = async (/** @type {import("./jobs.mjs").Job} */ job) => {
      const measured = isCovered && job.name === "unit" ? { NODE_V8_COVERAGE: coverage } : {};
      const result = await runJob(job, { project, env: { ...env, ...measured }, rest });
      // Of a selection, a file that has none of it is no news.
      const { passed, failed, skipped } = result;
      if (rest.length === 0 || passed + failed + skipped > 0) print(result);
      return result;
    };
    const results = await inLanes(jobs, LANES, run, isEnded);
    if (isWhole && !isEnded()) rememberTimes(cache, results);
    if (isEnded()) {
      const words = `a signal ended it when ${results.length} of ${jobs.length} files had begun`;
      results.push(ofTheRun("run", failedOnce("comes to its end", words)));
    }
    if (real) {
      const failures = unreadable.length > 0 ? unreadable : leftSince(project, env, before);
      const failed = failures.length;
      results.push(ofTheRun("leftovers", { passed: 1 - failed, failed, skipped: 0, failures }));
    }
    console.log("");
    for (const part of new Set(results.map((result) => result.part))) {
      const own = results.filter((result) => result.part === part);
      console.log(`tests   ${part}: ${countsLine(sum(own))}`);
    }
    if (isCovered && !isEnded()) console.log(`tests   ${await coverageLine(project, env, coverage)}`);
    for (const line of timeLines(results, performance.now() - started)) console.log(line);
    for (const line of failureLines(results)) console.log(`\n${line}`);
    return sum(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
