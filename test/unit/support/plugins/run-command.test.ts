import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { ownFolder } from "../../../support/own-folder";
import { runCommand } from "../../../support/plugins/run-command";
import { until } from "../../../support/until";

describe("runCommand", () => {
  const at = ownFolder();
  const never = new AbortController().signal;
  const silent = (): void => undefined;

  it("runs with interpreter, environment, folder and input, and keeps the two streams apart", async () => {
    const lines: string[] = [];
    const output = await runCommand(
      {
        command:
          "import os,sys; print(os.environ['A'], os.getcwd(), sys.stdin.read()); sys.stderr.write('e\\n\\n')",
        interpreter: ["python3", "-c"],
        environment: { A: "a" },
        dir: "/",
        stdin: "in",
      },
      never,
      (line, stream) => lines.push(`${stream} ${line}`),
    );
    assert.deepEqual(output, { stdout: "a / in", stderr: "e\n" });
    assert.deepEqual(lines.sort(), ["stderr ", "stderr e", "stdout a / in"]);
  });

  it("fails with how it ended, the command, and all that it wrote", async () => {
    await assert.rejects(runCommand({ command: "echo one; exit 7" }, never, silent), {
      message: 'exit status 7: running "echo one; exit 7":\none\n',
    });
    await assert.rejects(
      runCommand({ command: "x", interpreter: ["/nowhere/sh"] }, never, silent),
      /ENOENT: running "x"/,
    );
  });

  it("ends its wait and not the command when it is cancelled, as the real plugin does", async () => {
    const cancelled = new AbortController();
    const command = `sleep 600 & echo $! > '${at("pid")}'; wait`;
    const running = runCommand({ command }, cancelled.signal, silent);
    const rejected = assert.rejects(running, /^Error: context canceled: running /);
    const { answer: pid } = await until("the command's child", 50_000, () =>
      readFile(at("pid"), "utf8").then(
        (text) => Number(text) || null,
        () => null,
      ),
    );
    cancelled.abort();
    await rejected;
    assert.ok(isAlive(pid));
    process.kill(pid, "SIGKILL");
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
