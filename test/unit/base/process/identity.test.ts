import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { identityOf, judgeLiveness, liveness } from "../../../../provider/base/process/identity";
import { parseStat, thisProcess, type ProcessFacts } from "../../../../provider/base/process/identity";
import { each } from "../../../support/each";
import { runChild } from "../../../support/child";
import { until } from "../../../support/until";

describe("a process's identity", () => {
  const who = { space: "here", pid: 7, started: "100" };
  const running = { state: "S", started: "100" };
  const unwaited = { ...running, state: "X" };
  const [numberOnly, there] = [{ started: null }, { space: "there" }];
  each<readonly [string, string, object, ProcessFacts | null | "none"]>("of one %s: %s", [
    ["runs, and was started then", "alive", {}, running],
    ["whose number nobody has", "gone", {}, "none"],
    ["whose number another one has by now", "gone", {}, { ...running, started: "101" }],
    ["that has ended, though nobody has waited for it", "gone", {}, { ...running, state: "Z" }],
    ["that has ended, of which only the number is known", "gone", numberOnly, unwaited],
    ["of which only the number is known", "unknown", numberOnly, running],
    ["of which the system says no more than that its number is given out", "unknown", {}, null],
    ["of another boot, PID namespace or machine", "unknown", there, running],
    ["of another space, whose number nobody has here", "unknown", there, "none"],
  ])((_, answer, changes, seen) => {
    const sight = { exists: seen !== "none", facts: seen === "none" ? null : seen };
    assert.equal(judgeLiveness({ ...who, ...changes }, "here", sight), answer);
  });

  it("tells this process, its parent and init from any that is gone", () => {
    assert.match(thisProcess().space, /^[0-9a-f]{16}$/);
    assert.match(thisProcess().started ?? "", /^[0-9]+$/);
    for (const pid of [process.pid, process.ppid, 1]) assert.equal(liveness(identityOf(pid)), "alive");
    const { pid } = spawnSync("true");
    assert.equal(liveness(identityOf(pid)), "gone");
    assert.equal(liveness({ ...thisProcess(), started: "1" }), "gone", "its number went to another process");
  });

  it("says gone of one that has ended, though nobody has waited for it", async () => {
    // The shell becomes a program that never asks for its child, and only then the child may end.
    const script = "(read _ <&3) & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit", "pipe"] });
    const command = (): string => readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim();
    try {
      const end = parent.stdio[3];
      assert.ok(parent.stdout && end instanceof Writable);
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(said.toString());
      const child = identityOf(pid);
      await until("the shell to become sleep", 50_000, () => (command() === "sleep" ? true : null));
      assert.equal(liveness(child), "alive");
      end.end();
      await until("the end of the child", 50_000, () => (liveness(child) === "gone" ? true : null));
      process.kill(pid, 0);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  for (const flags of [[], ["--mount-proc"]]) {
    it(`is another one in another PID namespace, and can't be told from there (${flags.join() || "/proc of its parent"})`, async function () {
      if (process.platform !== "linux" || process.getuid?.() !== 0) return this.skip();
      const script = join(__dirname, "namespaced.ts");
      const words = ["--pid", "--fork", "--kill-child", ...flags];
      const program = [process.execPath, "--import", "tsx", script, JSON.stringify(thisProcess())];
      const { code, stdout, stderr } = await runChild("unshare", [...words, ...program]);
      assert.equal(code, 0, stderr);
      const { own, ofThis, ofOwn, ofGone } = JSON.parse(stdout) as Record<string, unknown> & {
        own: ReturnType<typeof thisProcess>;
      };
      assert.notEqual(own.space, thisProcess().space);
      assert.match(own.started ?? "", /^[0-9]+$/);
      assert.deepEqual([ofThis, ofOwn, ofGone], ["unknown", "alive", "gone"]);
      assert.equal(liveness(own), "unknown");
    });
  }

  it("is read from proc(5), whatever the program is called", () => {
    const rest = Array.from({ length: 18 }, (_, index) => index).join(" ");
    assert.deepEqual(parseStat(`7 (a) S (b) Z ${rest} 4711 0 0`), { state: "Z", started: "4711" });
    assert.equal(parseStat("7 (short) S 1"), null);
    assert.equal(parseStat(""), null);
  });
});
