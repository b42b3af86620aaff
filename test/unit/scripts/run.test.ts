import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as commands from "../../../scripts/setup/run.mjs";

describe("scripts: commands of the set-up", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "scripts-run-"));
  });
  after(() => rmSync(folder, { recursive: true }));
  const node = (code: string, options = {}) => commands.attempt(process.execPath, ["-e", code], options);

  it("tells output and ending apart", async () => {
    const result = await node('console.log("out"); console.error("err"); process.exit(3)');
    assert.deepEqual(result, { ok: false, stdout: "out\n", stderr: "err\n", ending: "exit 3" });
  });

  it("ends a command that takes too long, with its children", async () => {
    const started = Date.now();
    const code =
      'require("child_process").spawn("sleep", ["30"], { stdio: "inherit" }); setInterval(() => {}, 1000)';
    const result = await node(code, { timeout: 500 });
    assert.equal(result.ok, false);
    assert.equal(result.ending, "no end within 0.5 s");
    assert.ok(Date.now() - started < 20_000);
  });

  it("ends a command when the set-up is stopped", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 200);
    await assert.rejects(node("setInterval(() => {}, 1000)", { signal: controller.signal }), {
      name: "AbortError",
    });
    await assert.rejects(node("0", { signal: controller.signal }), { name: "AbortError" });
  });

  it("logs everything and shows the last lines of a failure", async () => {
    const log = join(folder, "log");
    const code = 'for (let i = 1; i <= 20; i++) console.log("line " + i); process.exit(1)';
    await assert.rejects(
      commands.run("The thing", process.execPath, ["-e", code], { log }),
      (error: unknown) => {
        const { message, lastLines } = error as { message: string; lastLines: string[] };
        assert.equal(message, "The thing failed (exit 1).");
        assert.equal(lastLines.length, 15);
        assert.equal(lastLines.at(-1), "line 20");
        return true;
      },
    );
    assert.match(readFileSync(log, "utf8"), /line 1\n/);
  });

  it("says when a program is not there", async () => {
    const message = "Making it needs `no-such-program-here`, which is not on PATH: install it.";
    await assert.rejects(commands.run("Making it", "no-such-program-here", []), { message });
  });
});
