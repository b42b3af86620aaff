import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { clearStalePid } from "../../../scripts/setup/daemon.mjs";
import * as commands from "../../../scripts/setup/run.mjs";
import { ownFolder } from "../../support/own-folder";

describe("scripts: commands of the set-up", () => {
  const at = ownFolder();
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
    const log = at("log");
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

describe("scripts: a pid file that a killed engine has left", () => {
  const at = ownFolder();

  it("goes when its number belongs to nobody, or to something else", () => {
    for (const text of ["2147483646\n", `${process.pid}`, "nonsense"]) {
      const file = at("docker.pid");
      writeFileSync(file, text);
      clearStalePid(file, "dockerd");
      assert.ok(!existsSync(file), text);
    }
  });

  it("stays while its process runs, and missing is no trouble", () => {
    const file = at("own.pid");
    writeFileSync(file, String(process.pid));
    const name = readFileSync(`/proc/${process.pid}/comm`, "utf8").trim();
    clearStalePid(file, name);
    assert.ok(existsSync(file));
    clearStalePid(at("missing.pid"), "dockerd");
  });
});
