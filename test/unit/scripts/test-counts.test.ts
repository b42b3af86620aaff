import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { countsLine, failureLines, judge, judgeTool, partLines, sum } from "../../runner/counts.mjs";
import { LONG } from "../../runner/long.mjs";
import { chooseParts, jobsOf } from "../../runner/parts.mjs";
import { inLanes } from "../../runner/run-parts.mjs";
import { longestFirst, timeLines } from "../../runner/times.mjs";

const LINT = { name: "lint", tools: () => ({ style: ["eslint.js"], types: ["tsc"] }) };
const UNIT = { name: "unit" };
const ENGINE = { name: "engine", real: true };

/** The jobs of parts that have these files, as `name file ...`. */
function jobs(parts: Parameters<typeof jobsOf>[0], files: string[], choice: Parameters<typeof jobsOf>[2]) {
  const listed = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));
  return jobsOf(parts, listed, { lanes: 2, ...choice }).map(({ name, files }) => [name, ...files].join(" "));
}

describe("scripts: npm test", () => {
  it("counts a crash as a failure, whatever had passed before, and a file without any test", () => {
    const none = { passed: 0, failed: 0, skipped: 0, failures: [], times: {} };
    const passed = { ...none, passed: 3, skipped: 1 };
    const failed = { ...passed, failed: 1, failures: [{ title: "a", message: "b" }] };
    const crash = (ending: string) => ({
      failed: 1,
      failures: [{ title: "mocha", message: `did not end as it should (${ending})` }],
    });
    assert.deepEqual(judge(passed, "exit 0"), passed);
    assert.deepEqual(judge(failed, "exit 1"), failed);
    assert.deepEqual(judge(passed, "SIGSEGV"), { ...passed, ...crash("SIGSEGV") });
    assert.deepEqual(judge(null, "exit 0"), { ...none, ...crash("exit 0") });
    assert.equal(judge(none, "exit 0").failed, 1);
    assert.equal(judge({ ...none, skipped: 1 }, "exit 0").failed, 0);
    assert.deepEqual(judge(none, "exit 0", { mayBeEmpty: true }), none, "only some tests were asked for");
    assert.equal(judge(none, "exit 1", { mayBeEmpty: true }).failed, 1);
  });

  it("counts a tool as one test, which fails with what the tool has said", () => {
    const { passed, failed } = judgeTool({ ending: "exit 0", output: "" });
    assert.deepEqual([passed, failed], [1, 0]);
    const found = judgeTool({ ending: "exit 1", output: "a.ts: wrong\n" });
    assert.deepEqual([found.passed, found.failed, found.failures[0]?.message], [0, 1, "a.ts: wrong"]);
  });

  it("says where the time went, the slowest ten first", () => {
    const times = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f${at}`, 10_000 + at * 1_000]));
    const lines = timeLines(times, 93_000);
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

  it("gives each file with a real engine a process of its own, and fails a part without files", () => {
    const files = ["test/engine/c.test.ts", "test/engine/deep/d.test.ts", "test/engine/helper.ts"];
    assert.deepEqual(jobs([ENGINE, { name: "gone", real: true }], files, {}), [
      "engine/c test/engine/c.test.ts",
      "engine/deep/d test/engine/deep/d.test.ts",
      "gone",
    ]);
  });

  it("shares the files without one out among the lanes, by what they took the last time", () => {
    const files = ["a", "b", "c", "d"].map((name) => `test/unit/${name}.test.ts`);
    const known = { "unit/a": 10, "unit/b": 20, "unit/c": 50, "unit/d": 10 };
    assert.deepEqual(jobs([UNIT], files, { known }), [
      "unit/c test/unit/c.test.ts",
      "unit 2 of 2 test/unit/b.test.ts test/unit/a.test.ts test/unit/d.test.ts",
    ]);
    assert.deepEqual(jobs([UNIT], files.slice(1, 2), { known }), ["unit/b test/unit/b.test.ts"]);
  });

  it("runs the files that are named, of the parts that have them, and fails a name that no file has", () => {
    const names = ["unit/gate", "unit/lock", "engine/gate", "engine/crash"];
    const files = names.map((name) => `test/${name}.test.ts`);
    const chosen = (...only: string[]) => jobs([LINT, UNIT, ENGINE], files, { only });
    assert.deepEqual(chosen("gate"), [
      "unit/gate test/unit/gate.test.ts",
      "engine/gate test/engine/gate.test.ts",
    ]);
    assert.deepEqual(chosen("style", "crash"), ["lint/style", "engine/crash test/engine/crash.test.ts"]);
    assert.throws(
      () => chosen("gate", "crsh"),
      /^SetupError: "crsh" is neither a part .* of lint, unit, engine: /,
    );
  });

  it("lets the linter look at every file, except for a quick run", () => {
    const style = (quick: boolean): string =>
      (jobsOf(chooseParts(["lint"]).parts, () => [], { only: ["style"], quick })[0]?.command ?? []).join(" ");
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

  it("runs some files of engine again on each of the other engines", () => {
    const { parts } = chooseParts(["engines"]);
    assert.deepEqual(jobs(parts, [], { only: ["gate"] }), [
      "engine/gate on graph-driver test/engine/gate.test.ts",
      "engine/gate on docker-20 test/engine/gate.test.ts",
    ]);
  });

  it("leaves long files to their campaign, unless one is named", () => {
    const names = [
      "engine/gate",
      "engine/each-run",
      "engine/committed-lock",
      "pulumi/background",
      "campaign/race",
    ];
    const files = names.map((name) => `test/${name}.test.ts`);
    const named = (argument: string[], ...only: string[]) =>
      jobs(chooseParts(argument).parts, files, { only }).map((job) => job.split(" ")[0]);
    assert.deepEqual(named(["engine", "pulumi"]), ["engine/gate", "engine/committed-lock", "pulumi"]);
    assert.deepEqual(named(["engine"], "each-run"), ["engine/each-run"]);
    const long = ["engine/each-run", "engine/committed-lock", "pulumi/background"];
    assert.deepEqual(named(["campaign"], "long"), long);
    assert.deepEqual(named(["campaign"], "long", "each-run"), ["engine/each-run"]);
  });

  it("names only long files that are there", () => {
    for (const name of [...LONG.files, ...LONG.more]) assert.ok(existsSync(`test/${name}.test.ts`), name);
  });

  it("runs all of engine again on Docker 29 as a campaign, some files with a builder in a container, or what is named too", () => {
    const { parts } = chooseParts(["campaign"]);
    const files = ["engine/gone", "engine/lease", "campaign/race"].map((name) => `test/${name}.test.ts`);
    const chosen = (...only: string[]) => jobs(parts, files, { only });
    assert.deepEqual(chosen("race"), ["campaign/race test/campaign/race.test.ts"]);
    const gone = "engine/gone on docker-29 test/engine/gone.test.ts";
    assert.deepEqual(chosen("docker-29", "gone"), [gone]);
    assert.deepEqual(chosen("docker-29"), [gone, "engine/lease on docker-29 test/engine/lease.test.ts"]);
    assert.deepEqual(chosen("docker-container"), [
      "engine/gone with docker-container test/engine/gone.test.ts",
    ]);
    assert.deepEqual(chosen("docker-container", "gone"), chosen("docker-container"));
    assert.deepEqual(chosen(), [...chosen("race"), ...chosen("docker-29"), ...chosen("docker-container")]);
    assert.throws(() => chosen("docker-29", "gaet"), /"gaet" is neither/);
  });

  it("gives the counts of each part, and of each of the other engines with its time", () => {
    const one = { passed: 2, failed: 0, skipped: 0, milliseconds: 20_000 };
    const old = { ...one, part: "engines", engine: "docker-20" };
    const none = { ...one, passed: 0, skipped: 1, milliseconds: 0 };
    assert.deepEqual(
      partLines([{ ...one, part: "engine" }, old, { ...one, part: "engine" }, old, { ...old, ...none }]),
      [
        "tests   engine: 4 passed, 0 failed",
        "tests   engines, docker-20: 4 passed, 0 failed, 1 skipped in 40 s of tests",
      ],
    );
  });

  it("runs all parts unless some are named first, always in the same order", () => {
    const chosen = (...args: string[]): string[] => {
      const { parts, only, rest } = chooseParts(args);
      return [parts.map((part) => part.name).join(" "), only.join(" "), rest.join(" ")];
    };
    const all = "lint unit engine engines package pulumi";
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
