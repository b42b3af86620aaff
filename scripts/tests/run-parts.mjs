import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatSeconds } from "../setup/report.mjs";
import { countsLine, failureLines, sum } from "./counts.mjs";
import { jobsOf, listedIn } from "./jobs.mjs";
import { inLanes, LANES } from "./lanes.mjs";
import { leftSince } from "./leftovers.mjs";
import { runJob } from "./run-job.mjs";
import { timeLine } from "./times.mjs";

/** Prints what a job wrote, and its counts. */
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

/**
 * Runs parts of the tests; prints each job's output when it has ended, then each part's counts, then once more what
 * failed, and at last all counts in one line.
 * @param {import("./parts.mjs").Part[]} parts
 * @param {{project: string, env: NodeJS.ProcessEnv, rest: string[]}} options rest: further arguments for mocha
 * @returns {Promise<import("./counts.mjs").Counts>}
 */
export async function runParts(parts, { project, env, rest }) {
  const folder = mkdtempSync(join(tmpdir(), "verified-images-tests-"));
  const started = performance.now();
  try {
    const before = join(folder, "before.json");
    const real = parts.some((part) => part.real);
    const unreadable = real ? leftSince(project, env, before) : [];
    const run = async (job) => {
      const result = await runJob(job, { project, env, rest });
      // Of a selection, a file that has none of it is no news.
      const { passed, failed, skipped } = result;
      if (rest.length === 0 || passed + failed + skipped > 0) print(result);
      return result;
    };
    const jobs = jobsOf(parts, listedIn(project));
    const results = await inLanes(jobs, LANES, run, endedBySignal());
    if (real) {
      const failures = unreadable.length > 0 ? unreadable : leftSince(project, env, before);
      const failed = failures.length;
      const counts = { passed: 1 - failed, failed, skipped: 0 };
      results.push({ part: "leftovers", name: "leftovers", ...counts, failures, milliseconds: 0 });
    }
    console.log("");
    for (const part of new Set(results.map((result) => result.part))) {
      const own = results.filter((result) => result.part === part);
      console.log(`tests   ${part}: ${countsLine(sum(own))}`);
    }
    console.log(timeLine(results, performance.now() - started));
    for (const line of failureLines(results)) console.log(`\n${line}`);
    return sum(results);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
