/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * The counts of one mocha process. A process that did not come to the end of its run, or ended badly although no
 * test failed, counts as one more failed test: a crash is never a pass.
 * @param {Counts | null} written by the reporter; null when it wrote none
 * @param {string} ending how the process ended: `exit 0`
 * @returns {Counts}
 */
export function judge(written, ending) {
  if (written === null) return { passed: 0, failed: 1, skipped: 0 };
  const isCrash = ending !== "exit 0" && written.failed === 0;
  return isCrash ? { ...written, failed: 1 } : written;
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
