import assert from "node:assert/strict";
import { load } from "./load";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Failure {
  title: string;
  message: string;
}

interface Job {
  part: string;
  name: string;
  files: string[];
}

describe("scripts: npm test", () => {
  let judge: (
    written: (Counts & { failures: Failure[] }) | null,
    ending: string,
  ) => Counts & { failures: Failure[] };
  let failureLines: (results: { name: string; failures: Failure[] }[]) => string[];
  let jobsOf: (
    parts: { name: string; folders: string[]; real: boolean }[],
    listed: (folders: string[]) => string[],
  ) => Job[];
  let inLanes: <Result>(
    jobs: number[],
    lanes: number,
    run: (job: number) => Promise<Result>,
    isEnded?: () => boolean,
  ) => Promise<Result[]>;
  let sum: (all: Counts[]) => Counts;
  let countsLine: (counts: Counts) => string;
  let timeLine: (results: { name: string; milliseconds: number }[], total: number) => string;
  let chooseParts: (args: string[]) => { parts: { name: string }[]; rest: string[] };
  before(async () => {
    ({ judge, sum, countsLine, failureLines } = await load<{
      judge: typeof judge;
      sum: typeof sum;
      countsLine: typeof countsLine;
      failureLines: typeof failureLines;
    }>("tests/counts.mjs"));
    ({ jobsOf } = await load<{ jobsOf: typeof jobsOf }>("tests/jobs.mjs"));
    ({ inLanes } = await load<{ inLanes: typeof inLanes }>("tests/lanes.mjs"));
    ({ timeLine } = await load<{ timeLine: typeof timeLine }>("tests/times.mjs"));
    ({ chooseParts } = await load<{ chooseParts: typeof chooseParts }>("tests/parts.mjs"));
  });

  it("counts a crash as a failure, whatever had passed before", () => {
    const passed = { passed: 3, failed: 0, skipped: 1, failures: [] };
    assert.deepEqual(judge(passed, "exit 0"), passed);
    const crash = { title: "mocha", message: "did not end as it should (SIGSEGV)" };
    assert.deepEqual(judge(passed, "SIGSEGV"), { ...passed, failed: 1, failures: [crash] });
    const { failures, ...counts } = judge(null, "exit 0");
    assert.deepEqual([counts, failures.length], [{ passed: 0, failed: 1, skipped: 0 }, 1]);
    const failed = { ...passed, failed: 1, failures: [{ title: "a", message: "b" }] };
    assert.deepEqual(judge(failed, "exit 1"), failed);
  });

  it("says where the time went, the slowest ten first", () => {
    const results = Array.from({ length: 12 }, (_, at) => ({
      name: `f${at}`,
      milliseconds: 10_000 + at * 1_000,
    }));
    const line = timeLine(results, 93_000);
    assert.ok(line.startsWith("tests   took 93 s; slowest: f11 21 s, f10 20 s, "), line);
    assert.ok(line.endsWith(", f2 12 s"), line);
  });

  it("repeats what failed, a long message cut", () => {
    const failures = [
      { title: "the gate > says no", message: "one\ntwo" },
      { title: "long", message: "x".repeat(3_000) },
    ];
    const [first, second] = failureLines([{ name: "engine/gate", failures }]);
    assert.equal(first, "failed  engine/gate: the gate > says no\n        one\n        two");
    assert.ok(second?.endsWith("x ..."));
    assert.ok((second?.length ?? 0) < 2_100);
  });

  it("gives each file with real engines a process of its own, and fails a part without files", () => {
    const parts = [
      { name: "unit", folders: ["unit", "property"], real: false },
      { name: "engine", folders: ["engine"], real: true },
      { name: "gone", folders: ["gone"], real: true },
    ];
    const files: Record<string, string[]> = {
      "test/unit": ["test/unit/a.test.ts", "test/unit/helper.ts"],
      "test/property": ["test/property/b.test.ts"],
      "test/engine": ["test/engine/c.test.ts", "test/engine/deep/d.test.ts"],
    };
    assert.deepEqual(
      jobsOf(parts, (folders) => folders.flatMap((folder) => files[folder] ?? [])),
      [
        { part: "unit", name: "unit", files: ["test/unit/a.test.ts", "test/property/b.test.ts"] },
        { part: "engine", name: "engine/c", files: ["test/engine/c.test.ts"] },
        { part: "engine", name: "engine/d", files: ["test/engine/deep/d.test.ts"] },
        { part: "gone", name: "gone", files: [] },
      ],
    );
  });

  it("runs two jobs at a time, keeps their order, and begins no more once it is told to end", async () => {
    let running = 0;
    let most = 0;
    const begun: number[] = [];
    const run = async (job: number): Promise<number> => {
      begun.push(job);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, job));
      running--;
      return job * 2;
    };
    assert.deepEqual(await inLanes([30, 1, 2, 3], 2, run), [60, 2, 4, 6]);
    assert.equal(most, 2);
    begun.length = 0;
    assert.deepEqual(await inLanes([5, 6, 7], 2, run, () => begun.length >= 2), [10, 12]);
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
    assert.deepEqual(chosen(), ["unit engine package pulumi", ""]);
    assert.deepEqual(chosen("pulumi", "unit"), ["unit pulumi", ""]);
    assert.deepEqual(chosen("--grep", "unit"), ["unit engine package pulumi", "--grep unit"]);
    assert.deepEqual(chosen("engine", "--grep", "pulumi"), ["engine", "--grep pulumi"]);
  });
});
