import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { formatSeconds } from "../../scripts/setup/report.mjs";
import { filesBelow } from "../../scripts/setup/stamp.mjs";
import { countsLine, failedOnce, failureLines, sum } from "./counts.mjs";
import { jobsOf, LANES } from "./parts.mjs";
import { runJob, runNode, runScript } from "./run-job.mjs";
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

/**
 * Runs a script in TypeScript.
 * @type {(args: string[], place: import("./run-job.mjs").Place) => Promise<string | null>} null when it succeeded, else what it said
 */
async function trouble(args, place) {
  const { ending, output } = await runNode(["--import", "tsx", ...args], place);
  return ending === "exit 0" ? null : output.trim() || ending;
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
    for (const script of new Set(parts.flatMap(({ prepare = [] }) => prepare))) {
      const said = await trouble([script], place);
      if (said === null) continue;
      const lastLines = said.split("\n").slice(-20);
      throw new SetupError(`${script} failed, so the tests that need what it makes can't run.`, {
        lastLines,
      });
    }
    // The first call lists what there is on the engine and among the temporary files, the second what has come since.
    const real = parts.some((part) => part.real);
    const inventory = ["test/support/inventory.ts", join(folder, "before.json")];
    const unreadable = real ? await trouble(inventory, place) : null;
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
    /** @type {(import("./counts.mjs").Judged & {part: string, name: string})[]} */
    const results = [...done];
    const times = Object.fromEntries(done.flatMap((result) => Object.entries(result.times)));
    if (isWhole && !isEnded()) rememberTimes(cache, times);
    if (isEnded()) {
      const words = `a signal ended it when ${done.length} of ${jobs.length} files had begun`;
      results.push({ part: "run", name: "run", ...failedOnce("comes to its end", words) });
    }
    if (real) {
      const left = unreadable ?? (await trouble(inventory, place));
      const none = { passed: 1, failed: 0, skipped: 0, failures: [], times: {} };
      const judged = left === null ? none : failedOnce("nothing is left by the tests", left);
      results.push({ part: "leftovers", name: "leftovers", ...judged });
    }
    console.log("");
    for (const part of new Set(results.map((result) => result.part))) {
      const own = results.filter((result) => result.part === part);
      console.log(`tests   ${part}: ${countsLine(sum(own))}`);
    }
    if (isCovered && !isEnded()) console.log(`tests   ${await coverage(measured, place)}`);
    for (const line of timeLines(times, performance.now() - started)) console.log(line);
    for (const line of failureLines(results)) console.log(`\n${line}`);
    return sum(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
