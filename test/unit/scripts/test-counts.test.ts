import assert from "node:assert/strict";
import { load } from "./load";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

describe("scripts: npm test", () => {
  let judge: (written: Counts | null, ending: string) => Counts;
  let sum: (all: Counts[]) => Counts;
  let countsLine: (counts: Counts) => string;
  let chooseParts: (args: string[]) => { parts: { name: string }[]; rest: string[] };
  before(async () => {
    ({ judge, sum, countsLine } = await load<{
      judge: typeof judge;
      sum: typeof sum;
      countsLine: typeof countsLine;
    }>("tests/counts.mjs"));
    ({ chooseParts } = await load<{ chooseParts: typeof chooseParts }>("tests/parts.mjs"));
  });

  it("counts a crash as a failure, whatever had passed before", () => {
    const passed = { passed: 3, failed: 0, skipped: 1 };
    assert.deepEqual(judge(passed, "exit 0"), passed);
    assert.deepEqual(judge(passed, "SIGSEGV"), { passed: 3, failed: 1, skipped: 1 });
    assert.deepEqual(judge(null, "exit 0"), { passed: 0, failed: 1, skipped: 0 });
    assert.deepEqual(judge({ passed: 3, failed: 2, skipped: 0 }, "exit 2"), {
      passed: 3,
      failed: 2,
      skipped: 0,
    });
  });

  it("adds the parts up and writes one line", () => {
    const total = sum([
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 4, failed: 1, skipped: 0 },
    ]);
    assert.equal(countsLine(total), "7 passed, 1 failed");
    assert.equal(countsLine({ ...total, skipped: 2 }), "7 passed, 1 failed, 2 skipped");
    assert.equal(countsLine(sum([])), "0 passed, 0 failed");
  });

  it("runs all parts unless some are named first, always in the same order", () => {
    const chosen = (...args: string[]) => {
      const { parts, rest } = chooseParts(args);
      return [parts.map((part) => part.name).join(" "), rest.join(" ")];
    };
    assert.deepEqual(chosen(), ["unit engine pulumi package", ""]);
    assert.deepEqual(chosen("pulumi", "unit"), ["unit pulumi", ""]);
    assert.deepEqual(chosen("--grep", "unit"), ["unit engine pulumi package", "--grep unit"]);
    assert.deepEqual(chosen("engine", "--grep", "pulumi"), ["engine", "--grep pulumi"]);
  });
});
