import { formatSeconds } from "../../scripts/setup/report.mjs";

/**
 * @typedef {{passed: number, failed: number, skipped: number}} Counts
 * @typedef {{title: string, message: string}} Failure
 * @typedef {Counts & {failures: Failure[], times: Record<string, number>}} Judged times: milliseconds by file
 */

/** @param {string} title @param {string} message @returns {Judged} */
export function failedOnce(title, message) {
  return { passed: 0, failed: 1, skipped: 0, failures: [{ title, message }], times: {} };
}

/**
 * What one mocha process came to. A process that did not come to the end of its run, or ended badly although no test
 * failed, counts as one more failed test: a crash is never a pass. Nor is a run without any test.
 * @param {Judged | null} written by the reporter; null when it wrote nothing
 * @param {string} ending how the process ended: `exit 0`
 * @param {{mayBeEmpty?: boolean}} [options] mayBeEmpty: only some tests were asked for, which other files may have
 * @returns {Judged}
 */
export function judge(written, ending, { mayBeEmpty = false } = {}) {
  const crash = failedOnce("mocha", `did not end as it should (${ending})`);
  if (written === null) return crash;
  if (written.failed > 0) return written;
  if (ending !== "exit 0") return { ...written, failed: 1, failures: crash.failures };
  const isEmpty = written.passed + written.skipped === 0;
  return isEmpty && !mayBeEmpty ? failedOnce("no tests", "there is no test in it") : written;
}

/**
 * What a tool came to, as one test.
 * @param {{ending: string, output: string}} ended
 */
export function judgeTool({ ending, output }) {
  if (ending === "exit 0") return { passed: 1, failed: 0, skipped: 0, failures: [], times: {}, output };
  return { ...failedOnce(`finds nothing to say (${ending})`, output.trim()), output };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const add = (/** @type {keyof Counts} */ name) => all.reduce((total, counts) => total + counts[name], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** `12 passed, 0 failed`, with `, 3 skipped` when some were. @param {Counts} counts */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * The counts of each part. Of the other engines each has a line of its own, with what its files took one after the other.
 * @param {(Counts & {part: string, engine?: string, milliseconds?: number})[]} results
 */
export function partLines(results) {
  const nameOf = (/** @type {{part: string, engine?: string}} */ { part, engine }) =>
    engine === undefined ? part : `${part}, ${engine}`;
  return [...new Set(results.map(nameOf))].map((name) => {
    const own = results.filter((result) => nameOf(result) === name);
    const took = own.reduce((total, { milliseconds = 0 }) => total + milliseconds, 0);
    const time = own[0]?.engine === undefined ? "" : ` in ${formatSeconds(took)} of tests`;
    return `tests   ${name}: ${countsLine(sum(own))}${time}`;
  });
}

const LONGEST = 2_000;

/**
 * All that failed, one paragraph each, for the end of the output, where they are found.
 * @param {{name: string, failures: Failure[]}[]} results
 */
export function failureLines(results) {
  return results.flatMap(({ name, failures }) =>
    failures.map(({ title, message }) => {
      const text = message.length > LONGEST ? `${message.slice(0, LONGEST)} ...` : message;
      return `failed  ${name}: ${title}\n${text.replace(/^/gm, "        ")}`;
    }),
  );
}
