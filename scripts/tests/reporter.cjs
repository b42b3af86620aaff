"use strict";

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

/**
 * Mocha's spec reporter, which also writes the exact counts and what failed, as `{passed, failed, skipped, failures}`,
 * to the file named by the reporter option `counts` when the run has come to its end.
 */
class CountingReporter extends reporters.Spec {
  /** @param {import("mocha").Runner} runner @param {{reporterOptions: {counts: string}}} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {import("./counts.mjs").Failure[]} */
    const found = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, /** @type {Error | undefined} */ error) => {
      found.push({ title: test.titlePath().join(" > "), message: String(error?.message ?? error) });
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending, failures: found };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
}

module.exports = CountingReporter;
