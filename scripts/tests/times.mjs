import { formatSeconds } from "../setup/report.mjs";

/** How many of the slowest files are named. */
const NAMED = 10;

/**
 * Where the time went, for the end of the output: all of it, and the slowest files. Files run side by side, so theirs
 * add up to more.
 * @param {{name: string, milliseconds: number}[]} results
 * @param {number} total milliseconds
 */
export function timeLine(results, total) {
  const timed = results.filter(({ milliseconds }) => milliseconds > 0);
  const slowest = timed.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, NAMED);
  const named = slowest.map(({ name, milliseconds }) => `${name} ${formatSeconds(milliseconds)}`);
  return `tests   took ${formatSeconds(total)}; slowest: ${named.join(", ")}`;
}
