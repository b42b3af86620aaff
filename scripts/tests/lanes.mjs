import { availableParallelism } from "node:os";

/**
 * So many jobs at once: one for each processor, and not more than two, what the tests' time limits were tried with.
 * `TEST_LANES` sets another number.
 */
export const LANES = Number(process.env.TEST_LANES) || Math.min(2, availableParallelism());

/**
 * Runs the jobs in order, `lanes` of them at a time, and hands each one's result on as it ends.
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
      const [index, job] = value;
      results[index] = await run(job);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}
