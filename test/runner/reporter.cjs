"use strict";

const { writeFileSync } = require("node:fs");
const path = require("node:path");
const { reporters, Runner } = require("mocha");

const { EVENT_SUITE_BEGIN, EVENT_SUITE_END, EVENT_TEST_FAIL, EVENT_RUN_END } = Runner.constants;

/**
 * Mocha's spec reporter, which also writes the exact counts, what failed and how long each file took (milliseconds), as
 * `{passed, failed, skipped, failures, times}`, to the file named by the reporter option `counts` at the end of the run.
 */
class CountingReporter extends reporters.Spec {
  /** @param {import("mocha").Runner} runner @param {{reporterOptions: {counts: string}}} options */
  constructor(runner, options) {
    super(runner, options);
    /** @type {import("./counts.mjs").Failure[]} */
    const found = [];
    /** @type {Record<string, number>} */
    const times = {};
    const add = (
      /** @type {import("mocha").Suite} */ { parent, file },
      /** @type {number} */ milliseconds,
    ) => {
      if (!parent?.root || !file) return;
      const name = path.relative(process.cwd(), file);
      times[name] = (times[name] ?? 0) + milliseconds;
    };
    runner.on(EVENT_SUITE_BEGIN, (suite) => add(suite, -performance.now()));
    runner.on(EVENT_SUITE_END, (suite) => add(suite, performance.now()));
    runner.on(EVENT_TEST_FAIL, (test, /** @type {Error | undefined} */ error) => {
      found.push({ title: test.titlePath().join(" > "), message: String(error?.message ?? error) });
    });
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      const counts = { passed: passes, failed: failures, skipped: pending, failures: found, times };
      writeFileSync(options.reporterOptions.counts, JSON.stringify(counts));
    });
  }
}

module.exports = CountingReporter;
