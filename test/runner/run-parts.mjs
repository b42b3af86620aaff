import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSeconds } from "../../scripts/setup/report.mjs";
import { filesBelow } from "../../scripts/setup/stamp.mjs";
import { countsLine, failedOnce, failureLines, partLines, sum } from "./counts.mjs";
import { jobsOf, LANES } from "./parts.mjs";
import { enginePlaces, prepare, takeInventory } from "./places.mjs";
import { runJob, runScript } from "./run-job.mjs";
import { knownTimes, longestFirst, rememberTimes, timeLines } from "./times.mjs";

/**
 * Runs the jobs in order, `lanes` of them at a time.
 * @template Job, Result
 * @param {Job[]} jobs
 * @param {number} lanes
 * @param {(job: Job) => Promise<Result>} run
 * @param {() => boolean} isEnded asked before each job; once it says so, no more are begun
 * @returns {Promise<Result[]>} of the jobs that were begun, in their order
 */
export async function inLanes(jobs, lanes, run, isEnded = () => false) {
  /** @type {Result[]} */
  const results = [];
  const waiting = jobs.entries();
  const lane = async () => {
    while (!isEnded()) {
      const { done, value } = waiting.next();
      if (done) return;
      results[value[0]] = await run(value[1]);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}

/** Whether this process was told to end; the jobs that run are told, too. */
function endedBySignal() {
  let ended = false;
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => (ended = true));
  return () => ended;
}

/** How much of the sources (those in `.c8rc.json`) the unit tests ran. @type {(measured: string, place: import("./run-job.mjs").Place) => Promise<string>} */
async function coverage(measured, place) {
  const command = ["c8/bin/c8.js", "report", "--temp-directory", measured, "--reporter", "text-summary"];
  const { output } = await runScript([...command, "--check-coverage=false"], place);
  return `coverage of unit:\n${output.trim()}`;
}

/**
 * Runs parts of the tests; prints each job's output when it has ended, then each part's counts, coverage and times, and
 * once more what failed.
 * @param {ReturnType<typeof import("./parts.mjs").chooseParts>} choice
 * @param {{project: string, cache: string, env: NodeJS.ProcessEnv}} options
 */
export async function runParts({ parts, only, rest, quick }, { project, cache, env }) {
  const folder = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  const place = { project, env, folder };
  const started = performance.now();
  try {
    const known = knownTimes(cache);
    const listed = (/** @type {string} */ below) => filesBelow(project, [below]);
    const jobs = longestFirst(jobsOf(parts, listed, { only, quick, known }), known);
    const isWhole = only.length === 0 && rest.length === 0;
    const measured = join(folder, "coverage");
    const isCovered = isWhole && !quick && parts.some(({ name }) => name === "unit");
    const places = enginePlaces(parts, jobs, place);
    await prepare(parts, jobs, places);
    const whatIsLeft = await takeInventory(places);
    const isEnded = endedBySignal();
    const run = async (/** @type {import("./parts.mjs").Job} */ job) => {
      const more = isCovered && job.part === "unit" ? { NODE_V8_COVERAGE: measured } : {};
      const result = await runJob(job, { ...place, env: { ...env, ...more }, rest });
      const { name, output, milliseconds } = result;
      // Of a selection, a file that has none of it is no news.
      if (rest.length > 0 && result.passed + result.failed + result.skipped === 0) return result;
      console.log(`\ntests   ${name}\n${output}`);
      console.log(`tests   ${name}: ${countsLine(result)} in ${formatSeconds(milliseconds)}`);
      return result;
    };
    const done = await inLanes(jobs, LANES, run, isEnded);
    /** @type {(import("./counts.mjs").Judged & {part: string, name: string, engine?: string, milliseconds?: number})[]} */
    const results = [...done];
    const times = Object.fromEntries(done.flatMap((result) => Object.entries(result.times)));
    if (isWhole && !isEnded()) rememberTimes(cache, times);
    if (isEnded()) {
      const words = `a signal ended it when ${done.length} of ${jobs.length} files had begun`;
      results.push({ part: "run", name: "run", ...failedOnce("comes to its end", words) });
    }
    results.push(...(await whatIsLeft()));
    console.log("");
    for (const line of partLines(results)) console.log(line);
    if (isCovered && !isEnded()) console.log(`tests   ${await coverage(measured, place)}`);
    for (const line of timeLines(times, performance.now() - started)) console.log(line);
    for (const line of failureLines(results)) console.log(`\n${line}`);
    return sum(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
