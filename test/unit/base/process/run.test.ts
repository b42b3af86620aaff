import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CommandError,
  isCancelled,
  type CommandFailure,
} from "../../../../provider/base/process/command-error";
import { run, start, type RunOptions } from "../../../../provider/base/process/run";
import { removeScratch, scratch } from "../../store/scratch";
import { alive, ends, pidIn } from "./processes";

const sh = (script: string, options?: RunOptions): ReturnType<typeof run> =>
  run("sh", ["-c", script], options);

async function failureOf(work: Promise<unknown>): Promise<CommandFailure> {
  let failure: CommandFailure | undefined;
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof CommandError, String(error));
    failure = error.failure;
    return true;
  });
  return failure as CommandFailure;
}

describe("run", () => {
  after(removeScratch);

  it("returns both outputs untouched", async () => {
    assert.deepEqual(await sh("printf 'a\\n\\nä\\n'; echo oops >&2"), {
      stdout: "a\n\nä\n",
      stderr: "oops\n",
    });
    assert.deepEqual(await sh(":"), { stdout: "", stderr: "" });
  });

  it("uses no shell, and hands arguments over as they are", async () => {
    const odd = ["$HOME", "a b", "'", '"', "*", "", "ä\n"];
    const { stdout } = await run(process.execPath, [
      "-e",
      "console.log(JSON.stringify(process.argv.slice(1)))",
      ...odd,
    ]);
    assert.deepEqual(JSON.parse(stdout), odd);
  });

  it("gives input, else none at all: a command that reads does not wait", async () => {
    assert.equal((await run("cat", [], { input: "hällo" })).stdout, "hällo");
    assert.equal((await run("cat", [], { input: "" })).stdout, "");
    assert.equal((await run("cat", [])).stdout, "");
  });

  it("adds to the environment, and takes away what is undefined", async () => {
    process.env.UNIT_TEST_GONE = "here";
    try {
      const env = { UNIT_TEST_NEW: "new", UNIT_TEST_GONE: undefined };
      const { stdout } = await sh('echo "$UNIT_TEST_NEW-${UNIT_TEST_GONE-unset}-${PATH:+path}"', { env });
      assert.equal(stdout, "new-unset-path\n");
    } finally {
      delete process.env.UNIT_TEST_GONE;
    }
  });

  it("runs where it is told", async () => {
    const cwd = scratch();
    assert.equal((await run("pwd", [], { cwd })).stdout, `${cwd}\n`);
  });

  it("tells an exit code, with the end of standard error", async () => {
    const failure = await failureOf(sh("echo out; echo first >&2; echo last >&2; exit 7"));
    assert.equal(failure.exitCode, 7);
    assert.equal(failure.signal, null);
    assert.equal(failure.stderr, "first\nlast");
    const long = await failureOf(sh("yes 0123456789 | head -n 300000 >&2; echo the end >&2; exit 1"));
    assert.ok(long.stderr.endsWith("0123456789\nthe end"));
    assert.equal(long.stderr.length, 2_000);
  });

  it("does not repeat standard output in the message", async () => {
    const failure = await failureOf(sh("echo secret-output; exit 3", { title: "a test" }));
    assert.deepEqual([failure.command, failure.stderr], ["a test", ""]);
  });

  it("tells a signal", async () => {
    const failure = await failureOf(sh("kill -9 $$"));
    assert.deepEqual([failure.exitCode, failure.signal, failure.timedOut], [null, "SIGKILL", false]);
  });

  it("tells a program that is not there, not executable, or whose directory is missing", async () => {
    const file = join(scratch(), "no-program");
    writeFileSync(file, "");
    for (const work of [
      run("/nonexistent/program", []),
      run(file, []),
      run("true", [], { cwd: "/nonexistent" }),
    ]) {
      const failure = await failureOf(work);
      assert.ok(failure.notStarted);
      assert.match(failure.stderr, /ENOENT|EACCES/);
    }
  });

  it("keeps megabytes of output", async () => {
    const { stdout } = await run("head", ["-c", "5000000", "/dev/zero"]);
    assert.equal(stdout.length, 5_000_000);
  });

  it("ends a command that prints without end, and survives it", async () => {
    const failure = await failureOf(run("cat", ["/dev/zero"]));
    assert.ok(failure.tooMuchOutput);
  });

  it("streams any amount when it is not to keep it", async () => {
    const { stdout, done } = await start("head", ["-c", "100000000", "/dev/zero"], {}, false);
    let size = 0;
    stdout.on("data", (chunk: Buffer) => (size += chunk.length));
    assert.equal((await done).stdout, "");
    assert.equal(size, 100_000_000);
  });
});

describe("run: the end of a whole process group", () => {
  after(removeScratch);

  it("comes at the limit, for grandchildren in the background too", async () => {
    const file = join(scratch(), "pid");
    const work = sh(`(sleep 60 & echo $! > ${file}; wait) & sleep 60`, { timeoutMs: 5_000 });
    const grandchild = await pidIn(file);
    assert.ok(alive(grandchild));
    const failure = await failureOf(work);
    assert.ok(failure.timedOut);
    assert.equal(failure.timeoutMs, 5_000);
    await ends(grandchild);
  });

  it("comes by force to those who don't listen", async () => {
    const file = join(scratch(), "pid");
    const work = sh(`trap '' TERM; echo $$ > ${file}; while :; do sleep 1; done`, { timeoutMs: 5_000 });
    const pid = await pidIn(file);
    assert.ok((await failureOf(work)).timedOut);
    await ends(pid);
  });

  it("is not waited for beyond that, when someone outside the group holds the output", async () => {
    const file = join(scratch(), "pid");
    const daemon = `require("child_process").spawn("sleep", ["60"], { detached: true, stdio: "inherit" })`;
    const script = `require("fs").writeFileSync(${JSON.stringify(file)}, String((${daemon}).pid)); setInterval(() => 0, 1e3)`;
    const work = run(process.execPath, ["-e", script], { timeoutMs: 8_000 });
    const outside = await pidIn(file);
    try {
      const started = Date.now();
      assert.ok((await failureOf(work)).timedOut);
      assert.ok(Date.now() - started < 30_000);
    } finally {
      process.kill(outside, "SIGKILL");
    }
  });

  it("comes when the signal is aborted", async () => {
    const file = join(scratch(), "pid");
    const controller = new AbortController();
    const work = sh(`sleep 60 & echo $! > ${file}; wait`, { signal: controller.signal });
    const grandchild = await pidIn(file);
    controller.abort();
    const failure = await failureOf(work);
    assert.ok(failure.cancelled && !failure.timedOut);
    await ends(grandchild);
  });

  it("is no beginning, when the signal was aborted before", async () => {
    const file = join(scratch(), "ran");
    const work = run("touch", [file], { signal: AbortSignal.abort() });
    await assert.rejects(work, isCancelled);
    await sleep(100);
    assert.ok(!existsSync(file));
  });

  it("leaves a command alone that is done before the limit", async () => {
    const controller = new AbortController();
    const { stdout } = await sh("echo done", { timeoutMs: 5_000, signal: controller.signal });
    controller.abort();
    assert.equal(stdout, "done\n");
  });
});

describe("run: the log file", () => {
  after(removeScratch);

  it("gets both outputs as they come, after what is there, also of a command that fails", async () => {
    const logFile = join(scratch(), "log");
    writeFileSync(logFile, "before\n");
    await failureOf(sh("echo out; sleep 0.2; echo err >&2; exit 1", { logFile }));
    assert.equal(readFileSync(logFile, "utf8"), "before\nout\nerr\n");
  });

  it("is complete when run returns, also a large one", async () => {
    const logFile = join(scratch(), "log");
    await run("head", ["-c", "20000000", "/dev/zero"], { logFile });
    assert.equal(readFileSync(logFile).length, 20_000_000);
  });

  it("that can't be written fails the command, and ends it", async () => {
    const started = Date.now();
    await assert.rejects(sh("sleep 60", { logFile: "/nonexistent/log" }), { code: "ENOENT" });
    assert.ok(Date.now() - started < 10_000);
  });
});
