import { join } from "node:path";
import * as z from "zod";
import { readJson, writeJson } from "../../scripts/setup/files.mjs";
import { formatSeconds } from "../../scripts/setup/report.mjs";

/** How many of the slowest files are named. */
const NAMED = 10;

/** Milliseconds by the name of a file or a tool. @typedef {Record<string, number>} Times */

/**
 * Where the time went, for the end of the output: all of it, and the slowest files. Files run side by side, so theirs
 * add up to more.
 * @param {Times} times
 * @param {number} total milliseconds
 */
export function timeLines(times, total) {
  const slowest = Object.entries(times).toSorted(([, a], [, b]) => b - a);
  const named = slowest.slice(0, NAMED).map(([name, took]) => `${formatSeconds(took).padStart(8)}  ${name}`);
  return [`took ${formatSeconds(total)}; the slowest were`, ...named].map((line) => `tests   ${line}`);
}

/**
 * In the order in which they begin: the longest first, so that no lane has a long one to itself at the end. One of which
 * nothing is known may be long.
 * @template {{name: string}} Named
 * @param {Named[]} all
 * @param {Times} known what they took the last time
 */
export function longestFirst(all, known) {
  const took = (/** @type {Named} */ { name }) => known[name] ?? Infinity;
  return all.toSorted((a, b) => (took(a) === took(b) ? 0 : took(b) - took(a)));
}

const TIMES = z.record(z.string(), z.number()).catch({});

/** @param {string} cache the folder that all clones share */
const file = (cache) => join(cache, "test-times.json");

/** What a former run has remembered; empty when there is nothing to be read. @param {string} cache */
export const knownTimes = (cache) => TIMES.parse(readJson(file(cache)));

/** @param {string} cache @param {Times} times of whole files */
export function rememberTimes(cache, times) {
  const rounded = Object.entries(times).map(([name, took]) => [name, Math.round(took)]);
  writeJson(file(cache), { ...knownTimes(cache), ...Object.fromEntries(rounded) });
}
