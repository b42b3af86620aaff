import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, type CommandFailure } from "../../../../provider/base/process/command-error";
import { signalAllGroups } from "../../../../provider/base/process/children";
import { run, start, type RunOptions } from "../../../../provider/base/process/run";
import { removeScratch, scratch } from "../../store/scratch";
import { withEnvironment } from "../git/environment";
import { alive, ends, pidIn } from "./processes";

const sh = (script: string, options?: RunOptions): ReturnType<typeof run> =>
  run("sh", ["-c", script], options);

async function failureOf(work: Promise<unknown>): Promise<CommandFailure> {
  const error = await work.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof CommandError, String(error));
  return error.failure;
}

describe("run", () => {
  after(removeScratch);

  it("returns both outputs untouched", async () => {
    const both = { stdout: "a\n\nä\n", stderr: "oops\n" };
    assert.deepEqual(await sh("printf 'a\\n\\nä\\n'; echo oops >&2"), both);
    assert.deepEqual(await sh(":"), { stdout: "", stderr: "" });
  });

  it("uses no shell, and hands arguments over as they are", async () => {
    const odd = ["$HOME", "a b", "'", '"', "*", "", "ä\n"];
    const script = "console.log(JSON.stringify(process.argv.slice(1)))";
    const { stdout } = await run(process.execPath, ["-e", script, ...odd]);
    assert.deepEqual(JSON.parse(stdout), odd);
  });

  it("gives input, else none at all: a command that reads does not wait", async () => {
    for (const input of ["hällo", "", undefined])
      assert.equal((await run("cat", [], { input })).stdout, input ?? "");
  });

  it("adds to the environment, and takes away what is undefined", async () => {
    const env = { UNIT_TEST_NEW: "new", UNIT_TEST_GONE: undefined };
    const script = 'echo "$UNIT_TEST_NEW-${UNIT_TEST_GONE-unset}-${PATH:+path}"';
    const { stdout } = await withEnvironment({ UNIT_TEST_GONE: "here" }, () => sh(script, { env }));
    assert.equal(stdout, "new-unset-path\n");
  });

  it("lets a command that runs to its end do so when this process is asked to end, and ends the others", async () => {
    const folder = scratch();
    const until = `while [ ! -e ${join(folder, "go")} ]; do sleep 0.05; done; echo done`;
    const begun = (name: string, options: RunOptions): ReturnType<typeof run> =>
      sh(`echo $$ > ${join(folder, name)}; ${until}`, options);
    const [kept, ended] = [begun("kept", { runsToItsEnd: true }), failureOf(begun("ended", {}))];
    for (const name of ["kept", "ended"]) await pidIn(join(folder, name));
    signalAllGroups("SIGTERM");
    writeFileSync(join(folder, "go"), "");
    assert.equal((await kept).stdout, "done\n");
    assert.equal((await ended).signal, "SIGTERM");
  });

  it("runs where it is told", async () => {
    const cwd = scratch();
    assert.equal((await run("pwd", [], { cwd })).stdout, `${cwd}\n`);
  });

  it("tells an exit code, with the end of standard error", async () => {
    const failing = sh("echo out; echo first >&2; echo last >&2; exit 7");
    const { exitCode, signal, stderr } = await failureOf(failing);
    assert.deepEqual([exitCode, signal, stderr], [7, null, "first\nlast"]);
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
    for (const [program, cwd] of [["/nonexistent/program"], [file], ["true", "/nonexistent"]] as const) {
      const { notStarted, stderr } = await failureOf(run(program, [], { cwd }));
      assert.ok(notStarted);
      assert.match(stderr, /ENOENT|EACCES/);
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

  /**
   * How a command that never ends by itself failed at its limit, and the process whose ID it wrote to a file before.
   * On a machine that is too slow to write it within a short limit it gets a longer one.
   */
  async function atLimit(command: (file: string, timeoutMs: number) => Promise<unknown>) {
    for (const timeoutMs of [500, 5_000, 50_000]) {
      const file = join(scratch(), "pid");
      const failure = await failureOf(command(file, timeoutMs));
      const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
      if (pid > 0) return { failure, pid, timeoutMs };
    }
    throw new Error("nobody wrote a process ID");
  }

  it("comes at the limit, for grandchildren in the background too", async () => {
    const { failure, pid, timeoutMs } = await atLimit((file, limit) =>
      sh(`(sleep 600 & echo $! > ${file}; wait) & sleep 600`, { timeoutMs: limit }),
    );
    assert.deepEqual([failure.timedOut, failure.timeoutMs], [true, timeoutMs]);
    await ends(pid);
  });

  it("comes by force to those who don't listen", async () => {
    const { failure, pid } = await atLimit((file, timeoutMs) =>
      sh(`trap '' TERM; echo $$ > ${file}; while :; do sleep 1; done`, { timeoutMs }),
    );
    assert.ok(failure.timedOut);
    await ends(pid);
  });

  it("is not waited for beyond that, when someone outside the group holds the output", async () => {
    const daemon = `require("child_process").spawn("sleep", ["600"], { detached: true, stdio: "inherit" })`;
    const { failure, pid } = await atLimit((file, timeoutMs) => {
      const script = `require("fs").writeFileSync(${JSON.stringify(file)}, String((${daemon}).pid)); setInterval(() => 0, 1e3)`;
      return run(process.execPath, ["-e", script], { timeoutMs });
    });
    try {
      assert.ok(failure.timedOut && alive(pid));
    } finally {
      process.kill(pid, "SIGKILL");
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
    // A start would fail: there is no such program.
    const failure = await failureOf(run("/nonexistent/program", [], { signal: AbortSignal.abort() }));
    assert.deepEqual([failure.cancelled, failure.notStarted], [true, false]);
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
    const script = `echo out; until grep -q out ${logFile}; do sleep 0.01; done; echo err >&2; exit 1`;
    await failureOf(sh(script, { logFile }));
    assert.equal(readFileSync(logFile, "utf8"), "before\nout\nerr\n");
  });

  it("is complete when run returns, also a large one", async () => {
    const logFile = join(scratch(), "log");
    await run("head", ["-c", "20000000", "/dev/zero"], { logFile });
    assert.equal(readFileSync(logFile).length, 20_000_000);
  });

  it("that can't be written fails the command, and ends it", () =>
    assert.rejects(sh("sleep 600", { logFile: "/nonexistent/log" }), { code: "ENOENT" }));
});
