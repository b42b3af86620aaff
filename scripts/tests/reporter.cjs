"use strict";

const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

/**
 * Mocha's spec reporter, which also writes the exact counts, as `{passed, failed, skipped}`, to the file named by the
 * reporter option `counts` when the run has come to its end.
 */
class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
}

module.exports = CountingReporter;
