/**
 * @typedef {{passed: number, failed: number, skipped: number}} Counts
 * @typedef {{title: string, message: string}} Failure
 */

/**
 * What one mocha process came to. A process that did not come to the end of its run, or ended badly although no test
 * failed, counts as one more failed test: a crash is never a pass.
 * @param {(Counts & {failures: Failure[]}) | null} written by the reporter; null when it wrote nothing
 * @param {string} ending how the process ended: `exit 0`
 * @returns {Counts & {failures: Failure[]}}
 */
export function judge(written, ending) {
  const crash = { title: "mocha", message: `did not end as it should (${ending})` };
  if (written === null) return { passed: 0, failed: 1, skipped: 0, failures: [crash] };
  if (ending === "exit 0" || written.failed > 0) return written;
  return { ...written, failed: 1, failures: [crash] };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of Object.keys(total))
    total[name] = all.reduce((result, counts) => result + counts[name], 0);
  return total;
}

/** `12 passed, 0 failed`, with `, 3 skipped` when some were. @param {Counts} counts */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
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
