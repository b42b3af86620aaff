import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { formatSeconds } from "../setup/report.mjs";

/** How many of the slowest files are named. */
const NAMED = 10;

/**
 * Where the time went, for the end of the output: all of it, and the slowest files. Files run side by side, so theirs
 * add up to more.
 * @param {{name: string, milliseconds: number}[]} results
 * @param {number} total milliseconds
 * @returns {string[]}
 */
export function timeLines(results, total) {
  const timed = results.filter(({ milliseconds }) => milliseconds > 0);
  const slowest = timed.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, NAMED);
  const named = slowest.map(
    ({ name, milliseconds }) => `tests   ${formatSeconds(milliseconds).padStart(8)}  ${name}`,
  );
  return [`tests   took ${formatSeconds(total)}; the slowest were`, ...named];
}

/**
 * The jobs in the order in which they begin: the longest first, so that no lane has a long one to itself at the end.
 * One of which nothing is known may be long.
 * @template {{name: string}} Job
 * @param {Job[]} jobs
 * @param {Record<string, number>} known milliseconds that they took the last time, by their names
 * @returns {Job[]}
 */
export function longestFirst(jobs, known) {
  const took = (/** @type {Job} */ { name }) => known[name] ?? Infinity;
  return jobs.toSorted((a, b) => (took(a) === took(b) ? 0 : took(b) - took(a)));
}

const TIMES = z.record(z.string(), z.number());

/** @param {string} cache the folder that all clones share */
const file = (cache) => join(cache, "test-times.json");

/** What a former run has remembered; empty when there is nothing to be read. @param {string} cache */
export function knownTimes(cache) {
  try {
    return TIMES.parse(JSON.parse(readFileSync(file(cache), "utf8")));
  } catch {
    return {};
  }
}

/**
 * Remembers how long whole files took.
 * @param {string} cache
 * @param {{name: string, milliseconds: number}[]} results
 */
export function rememberTimes(cache, results) {
  const news = Object.fromEntries(results.map(({ name, milliseconds }) => [name, Math.round(milliseconds)]));
  mkdirSync(cache, { recursive: true });
  const unfinished = `${file(cache)}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify({ ...knownTimes(cache), ...news }, null, 1)}\n`);
  renameSync(unfinished, file(cache));
}
