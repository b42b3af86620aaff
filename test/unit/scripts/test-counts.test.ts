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
  command?: string[];
}

describe("scripts: npm test", () => {
  type Judged = Counts & { failures: Failure[] };
  let judge: (written: Judged | null, ending: string, options?: { mayBeEmpty: boolean }) => Judged;
  let judgeTool: (ended: { ending: string; output: string }) => Judged & { output: string };
  let failureLines: (results: { name: string; failures: Failure[] }[]) => string[];
  let jobsOf: (
    parts: { name: string; folders: string[]; real: boolean; tools?: boolean }[],
    listed: (folders: string[]) => string[],
    choice?: { only?: string[]; quick?: boolean },
  ) => Job[];
  let inLanes: <Result>(
    jobs: number[],
    lanes: number,
    run: (job: number) => Promise<Result>,
    isEnded?: () => boolean,
  ) => Promise<Result[]>;
  let sum: (all: Counts[]) => Counts;
  let countsLine: (counts: Counts) => string;
  let timeLines: (results: { name: string; milliseconds: number }[], total: number) => string[];
  let longestFirst: (jobs: { name: string }[], known: Record<string, number>) => { name: string }[];
  let chooseParts: (args: string[]) => {
    parts: { name: string }[];
    only: string[];
    rest: string[];
    quick: boolean;
  };
  before(async () => {
    ({ judge, judgeTool, sum, countsLine, failureLines } = await load<{
      judge: typeof judge;
      judgeTool: typeof judgeTool;
      sum: typeof sum;
      countsLine: typeof countsLine;
      failureLines: typeof failureLines;
    }>("tests/counts.mjs"));
    ({ jobsOf } = await load<{ jobsOf: typeof jobsOf }>("tests/jobs.mjs"));
    ({ inLanes } = await load<{ inLanes: typeof inLanes }>("tests/lanes.mjs"));
    ({ timeLines, longestFirst } = await load<{
      timeLines: typeof timeLines;
      longestFirst: typeof longestFirst;
    }>("tests/times.mjs"));
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

  it("counts a file without any test as a failure, unless only some tests were asked for", () => {
    const empty = { passed: 0, failed: 0, skipped: 0, failures: [] };
    assert.equal(judge(empty, "exit 0").failed, 1);
    assert.deepEqual(judge(empty, "exit 0", { mayBeEmpty: true }), empty);
    assert.equal(judge(empty, "exit 1", { mayBeEmpty: true }).failed, 1);
    assert.equal(judge({ ...empty, skipped: 1 }, "exit 0").failed, 0);
  });

  it("counts a tool as one test, which fails with what the tool has said", () => {
    const { passed, failed } = judgeTool({ ending: "exit 0", output: "" });
    assert.deepEqual([passed, failed], [1, 0]);
    const found = judgeTool({ ending: "exit 1", output: "a.ts: wrong\n" });
    assert.deepEqual([found.passed, found.failed, found.failures[0]?.message], [0, 1, "a.ts: wrong"]);
  });

  it("says where the time went, the slowest ten first", () => {
    const results = Array.from({ length: 12 }, (_, at) => ({
      name: `f${at}`,
      milliseconds: 10_000 + at * 1_000,
    }));
    const lines = timeLines(results, 93_000);
    assert.equal(lines.length, 11);
    assert.deepEqual(lines.slice(0, 2), ["tests   took 93 s; the slowest were", "tests       21 s  f11"]);
    assert.equal(lines.at(-1), "tests       12 s  f2");
  });

  it("begins with what took longest the last time, and with what is new before that", () => {
    const jobs = ["a", "b", "new", "c", "newer"].map((name) => ({ name }));
    const names = longestFirst(jobs, { a: 1, b: 3, c: 2 }).map(({ name }) => name);
    assert.deepEqual(names, ["new", "newer", "b", "c", "a"]);
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

  it("runs the files that are named, of the parts that have them, and fails a name that no file has", () => {
    const parts = [
      { name: "lint", folders: [], real: false, tools: true },
      { name: "unit", folders: ["unit"], real: false },
      { name: "engine", folders: ["engine"], real: true },
    ];
    const files: Record<string, string[]> = {
      "test/unit": ["test/unit/gate.test.ts", "test/unit/lock.test.ts"],
      "test/engine": ["test/engine/gate.test.ts", "test/engine/crash.test.ts"],
    };
    const chosen = (...only: string[]): string[] =>
      jobsOf(parts, (folders) => folders.flatMap((folder) => files[folder] ?? []), { only }).map(
        ({ name, files: own }) => [name, ...own].join(" "),
      );
    assert.deepEqual(chosen("gate"), ["unit test/unit/gate.test.ts", "engine/gate test/engine/gate.test.ts"]);
    assert.deepEqual(chosen("style", "crash"), ["lint/style", "engine/crash test/engine/crash.test.ts"]);
    assert.throws(
      () => chosen("gate", "crsh"),
      /^SetupError: "crsh" is neither a part .* of lint, unit, engine: /,
    );
  });

  it("lets the linter look at every file, except for a quick run", () => {
    const lint = [{ name: "lint", folders: [], real: false, tools: true }];
    const style = (quick: boolean): string =>
      (jobsOf(lint, () => [], { only: ["style"], quick })[0]?.command ?? []).join(" ");
    assert.equal(style(false), "eslint/bin/eslint.js .");
    assert.match(style(true), / --cache /);
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
    const chosen = (...args: string[]): string[] => {
      const { parts, only, rest } = chooseParts(args);
      return [parts.map((part) => part.name).join(" "), only.join(" "), rest.join(" ")];
    };
    const all = "lint unit engine package pulumi";
    assert.deepEqual(chosen(), [all, "", ""]);
    assert.deepEqual(chosen("pulumi", "unit"), ["unit pulumi", "", ""]);
    assert.deepEqual(chosen("--grep", "unit"), [all, "", "--grep unit"]);
    assert.deepEqual(chosen("engine", "--grep", "pulumi"), ["engine", "", "--grep pulumi"]);
    assert.deepEqual(chosen("engine", "crash", "--bail"), ["engine", "crash", "--bail"]);
    assert.deepEqual(chosen("crash"), [all, "crash", ""]);
    assert.deepEqual(chosen("campaign", "race"), ["campaign", "race", ""]);
    assert.deepEqual(chosen("quick"), ["lint unit", "", ""]);
    assert.deepEqual([chooseParts(["quick"]).quick, chooseParts(["unit"]).quick], [true, false]);
  });
});
