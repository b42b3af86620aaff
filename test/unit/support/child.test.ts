import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { runChild } from "../../support/child";

const node = (script: string, options: Parameters<typeof runChild>[2] = {}): ReturnType<typeof runChild> =>
  runChild(process.execPath, ["-e", script], options);

/** False too for one that is dead and waits for its parent to ask for its exit code. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

describe("runChild", () => {
  it("returns what the child said and its exit code, whatever that is", async () => {
    const result = await node(
      "process.stdin.pipe(process.stdout); console.error('err'); process.exitCode = 7",
      { input: "in" },
    );
    assert.deepEqual(result, { code: 7, stdout: "in", stderr: "err\n" });
  });

  it("throws for a program that isn't there and for one that a signal ended", async () => {
    await assert.rejects(runChild("/nonexistent/program", []), /ENOENT/);
    await assert.rejects(node("process.kill(process.pid, 'SIGTERM')"), /was ended by SIGTERM/);
  });

  it("kills a late child with its descendants, those in groups of their own too", async () => {
    const script = `
      const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const error = await node(script, { timeoutMs: 1_000 }).then(
      () => assert.fail("no timeout"),
      (error: Error) => error,
    );
    assert.match(error.message, /took longer than 1000 ms/);
    const pid = Number(/\n(\d+)\n/.exec(error.message)?.[1]);
    assert.ok(pid > 1);
    for (let tries = 0; isRunning(pid) && tries < 50; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isRunning(pid), false);
  });
});
