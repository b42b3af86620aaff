import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { each } from "../support/each";
import { leftBy } from "../support/left-by";
import { makeBench, type Bench } from "./support/bench";
import { dpkgStatus } from "./support/recipes";

const MAIN = join(__dirname, "..", "..", "dist", "cli", "main.js");
const MANY = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`p${at}`, `1.${at}`]));
/** Of one line that once took hours. */
const LONG = `deb [${"a=b ".repeat(500_000)}`;

/** Hundredths of a second that a process has computed so far; null: it is gone. Waits for a busy machine don't count. */
function computed(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : Number(fields[11]) + Number(fields[12]);
  } catch {
    return null;
  }
}

describe("SIGTERM while packages are read", function () {
  this.timeout(300_000);
  let bench: Bench;

  before(async () => {
    bench = await makeBench();
    await bench.write("status", dpkgStatus(MANY));
    await bench.write("sources.list", LONG);
    await bench.write(
      "Dockerfile",
      "FROM scratch\nCOPY status /var/lib/dpkg/status\nCOPY sources.list /etc/apt/sources.list\n",
    );
  });
  after(() => bench?.dispose());

  each("ends the process before it has computed for ten more seconds, %s ms into the %s", [
    [0, "capture"],
    [1500, "capture"],
    [0, "lock"],
    [0, "compare"],
  ])(async (delay, step) => {
    // Each builds anew, also where the one before it has come to its lock.
    const anew = ["--wait", "--force", `${delay} ms into the ${step}`];
    const words = ["build", "--name", bench.name, "--context", bench.context, "--root", bench.root, ...anew];
    const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "ignore", "pipe"] });
    const { pid = 0 } = child;
    const ended = once(child, "close");
    let said = "";
    await new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes(`: ${step} ...`)) resolve();
      });
      void ended.then(() => reject(new Error(`it ended before the ${step}\n${said}`)));
    });
    await setTimeout(delay);
    const before = computed(pid) ?? 0;
    child.kill("SIGTERM");
    let after = before;
    for (let now = computed(pid); now !== null; now = computed(pid)) {
      after = now;
      await setTimeout(50);
      if (after - before > 6_000) child.kill("SIGKILL");
    }
    const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    assert.deepEqual([code, signal], [null, "SIGTERM"], said);
    assert.ok(after - before < 1_000, `it has computed ${(after - before) / 100} s more\n${said}`);
    assert.deepEqual(await leftBy(pid), []);
  });
});
