import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { machine } from "../../provider/engine/leftovers";
import { buildTiny, docker, imageExists } from "../support/docker";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { leftBy } from "./support/left-by";
import { childArguments } from "./support/in-child";
import { dpkgStatus } from "./support/recipes";

/** The content of a file that another process writes soon. */
async function contentOf(file: string, isOver: () => boolean): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text.endsWith("\n")) return text.trim();
    if (isOver()) break;
    await wait(100);
  }
  throw new Error(`nobody wrote ${file}`);
}

describe("containers, throwaway images, base names and temporary folders", function () {
  this.timeout(120_000);
  let bench: Bench;
  let base: string;

  beforeEach(async () => {
    bench = await makeBench();
    base = `${bench.layer}-base:1`;
    await buildTiny({ name: base });
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("Dockerfile", `FROM ${base}\nCOPY status /var/lib/dpkg/status\n`);
  });
  afterEach(async () => {
    await bench.dispose();
    await docker(["image", "rm", "--force", base]);
  });

  it("are gone after a success, and the base has its own name only", async () => {
    const { verified, baseImages } = await bench.build();
    assert.equal(verified, "verified");
    assert.deepEqual(await leftBy(process.pid), []);
    const tags = await docker(["image", "inspect", "--format", "{{json .RepoTags}}", base]);
    assert.deepEqual(JSON.parse(tags), [base]);
    const id = await docker(["image", "inspect", "--format", "{{.Id}}", base]);
    assert.deepEqual(baseImages, [{ reference: base, digest: id }]);
  });

  it("are gone after a build that failed, and after a capture that failed", async () => {
    await bench.write("status", "damaged");
    await assert.rejects(bench.build(), /dpkg can't say/);
    await bench.write("Dockerfile", `FROM ${base}\nCOPY missing /\n`);
    await assert.rejects(bench.build(), /docker build failed/);
    assert.deepEqual(await leftBy(process.pid), []);
  });

  it("are swept by the next build after a process was killed in the capture of its rebuild", async () => {
    const hung = join(bench.directory, "hung");
    const hang = `if [ "$TURN" = 2 ]; then echo $$ > '${hung}'; exec sleep 300; fi`;
    const env = { ...process.env, PATH: await wrapDocker(bench.directory, hang) };
    const child = spawn(process.execPath, childArguments(bench), { env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    try {
      const sleeper = Number(await contentOf(hung, () => child.exitCode !== null));
      child.kill("SIGKILL");
      await ended;
      process.kill(sleeper, "SIGKILL");
    } finally {
      child.kill("SIGKILL");
    }
    const left = await leftBy(child.pid ?? 0);
    for (const kind of [
      "container",
      "image verified-images/throwaway",
      "image verified-images/base",
      "temporary",
    ]) {
      assert.ok(
        left.some((line) => line.startsWith(kind)),
        `the crash left no ${kind}: ${left.join("; ")}`,
      );
    }
    const next = await bench.build();
    assert.deepEqual(next.steps, ["locked rebuild", "capture of the rebuild", "compare"]);
    assert.equal(next.verified, "verified");
    assert.deepEqual(await leftBy(child.pid ?? 0), []);
    assert.deepEqual(await leftBy(process.pid), []);
    assert.equal(await imageExists(next.reference), true);
  });

  it("of a process that still runs are left alone", async () => {
    const id = await docker(["image", "inspect", "--format", "{{.Id}}", base]);
    const here = machine();
    const alive = `verified-images/throwaway:test.${here}.${process.ppid}`;
    const elsewhere = "verified-images/throwaway:test.00000000.1";
    await docker(["tag", id, alive]);
    await docker(["tag", id, elsewhere]);
    try {
      await bench.build({ verify: "skip" });
      assert.equal(await imageExists(alive), true);
      assert.equal(await imageExists(elsewhere), true);
    } finally {
      await docker(["image", "rm", alive, elsewhere]);
    }
  });
});
