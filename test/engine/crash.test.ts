import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { identityOf } from "../../provider/base/process/identity";
import { LONGEST_USE, makerMark } from "../../provider/base/process/leftovers";
import { buildTiny, docker, imageExists } from "../support/docker";
import { each } from "../support/each";
import { startFileHost } from "../support/file-host";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { allProcesses, descendants } from "../support/processes";
import { until } from "../support/until";
import { leftBy } from "../support/left-by";
import { childArguments } from "./support/in-child";
import { dpkgStatus } from "./support/recipes";

/**
 * Builds in a process of its own, and kills it (SIGKILL) in its first or second capture: that of the image or
 * its rebuild. Gives the process's number, and what it had made until then and never removed.
 */
async function killedInCapture(bench: Bench, turn: 1 | 2): Promise<{ pid: number; left: string[] }> {
  const hung = join(bench.directory, "hung");
  const hang = `if [ "$TURN" = ${turn} ]; then echo $$ > '${hung}'; exec sleep 300; fi`;
  const env = { ...process.env, PATH: await wrapDocker(bench.directory, hang) };
  const child = spawn(process.execPath, childArguments(bench), { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const { answer: sleeper } = await until("the capture to hang", 60_000, () => {
      assert.equal(child.exitCode, null, "the build ended before it hung");
      const text = existsSync(hung) ? readFileSync(hung, "utf8") : "";
      return text.endsWith("\n") ? Number(text) : null;
    });
    // Now, for once it is dead any other build on this machine may sweep up after it.
    const left = await leftBy(child.pid ?? 0);
    child.kill("SIGKILL");
    await ended;
    process.kill(sleeper, "SIGKILL");
    return { pid: child.pid ?? 0, left };
  } finally {
    child.kill("SIGKILL");
  }
}

describe("containers, throwaway images, base names and temporary folders", function () {
  this.timeout(120_000);
  let bench: Bench;
  let base: string;

  beforeEach(async () => {
    bench = await makeBench();
    base = `${bench.name}-base:1`;
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

  each("are swept by the next build after a process was killed in its %s", [
    ["capture", 1, ["container", "image verified-images/base", "temporary"], ["build", "capture", "lock"]],
    ["rebuild", 2, ["image verified-images/base", "temporary"], []],
  ])(async (_, turn, kinds, again) => {
    const { pid, left } = await killedInCapture(bench, turn);
    for (const kind of kinds) {
      assert.ok(
        left.some((line) => line.startsWith(kind)),
        `the crash left no ${kind}: ${left.join("; ")}`,
      );
    }
    const next = await bench.build();
    assert.deepEqual(next.steps, [...again, "locked rebuild", "compare"]);
    assert.equal(next.verified, "verified");
    assert.deepEqual(await leftBy(pid), []);
    assert.deepEqual(await leftBy(process.pid), []);
    assert.equal(await imageExists(next.reference), true);
  });

  it("are swept by several builds at once, of which none fails for what another one takes away", async () => {
    const child = spawn("sleep", ["600"]);
    const pid = child.pid ?? assert.fail("no process");
    const maker = makerMark(identityOf(pid));
    for (const number of [1, 2, 3, 4, 5, 6]) {
      await docker(["create", "--name", `verified-images-test.${maker}.${number}`, base, "none"]);
      await docker(["tag", base, `verified-images/throwaway:test.${maker}.${number}`]);
    }
    assert.equal((await leftBy(pid)).length, 12);
    child.kill("SIGKILL");
    await once(child, "exit");
    const sweeps = Array.from({ length: 6 }, () => dockerEngine(undefined, 30_000).sweep());
    await Promise.all(sweeps);
    assert.deepEqual(await leftBy(pid), []);
  });

  it("of a process that may still run are left alone, until they are older than any build can be", async () => {
    const reference = (mark: string): string => `verified-images/throwaway:test.${mark}.${process.pid}`;
    const elsewhere = { space: "0".repeat(16), pid: 1, started: "1" };
    const alive = reference(makerMark(identityOf(process.ppid), 0));
    const unknown = reference(makerMark(elsewhere, Date.now() - LONGEST_USE + 3_600_000));
    const old = reference(makerMark(elsewhere, Date.now() - LONGEST_USE - 3_600_000));
    for (const name of [alive, unknown, old]) await docker(["tag", base, name]);
    try {
      await bench.build({ verify: "skip" });
      assert.equal(await imageExists(alive), true);
      assert.equal(await imageExists(unknown), true);
      assert.equal(await imageExists(old), false);
    } finally {
      await docker(["image", "rm", alive, unknown]);
    }
  });
});

describe("a build whose process is killed between image and lock", function () {
  this.timeout(120_000);
  let bench: Bench;

  beforeEach(async () => {
    bench = await makeBench();
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("Dockerfile", "FROM scratch\nCOPY status /var/lib/dpkg/status\n");
  });
  afterEach(() => bench.dispose());

  it("leaves an image and its beginnings, which the next build clears away, and the log stays", async () => {
    const first = await bench.build();
    await bench.write("status", dpkgStatus({ base: "2.0" }));
    await killedInCapture(bench, 1);
    const [kept, orphan, ...none] = await bench.images();
    assert.deepEqual([kept, none], [first.reference, []]);
    const stem = String(orphan).replace(":", "-");
    const stored = (await bench.stored()).filter((name) => name.startsWith(stem));
    assert.deepEqual(
      stored,
      [".build.log", ".building", ".rough.Dockerfile"].map((end) => stem + end),
    );
    const next = await bench.build();
    assert.equal(next.verified, "verified");
    assert.deepEqual(await bench.images(), [first.reference, next.reference]);
    const left = (await bench.stored()).filter((name) => name.startsWith(stem) || name.endsWith(".building"));
    assert.deepEqual(left, [`${stem}.build.log`]);
  });

  it("leaves what another store's build is none of: a copy of the store touches no image", async () => {
    await killedInCapture(bench, 1);
    const [orphan] = await bench.images();
    const root = join(bench.directory, "copy");
    await cp(bench.root, root, { recursive: true, verbatimSymlinks: true });
    const inCopy = await bench.build({ root });
    assert.deepEqual(await bench.images(), [orphan, inCopy.reference]);
    const next = await bench.build();
    assert.deepEqual(await bench.images(), [inCopy.reference, next.reference]);
  });

  it("names no image when its client outlives it and goes on building", async () => {
    const first = await bench.build();
    const files = await startFileHost();
    files.serve(bench.context);
    // The build goes on when it gets this file.
    const gate = { asked: false, open: (): void => undefined };
    files.hooks.once("status", () => {
      gate.asked = true;
      return new Promise<void>((resolve) => (gate.open = resolve));
    });
    await bench.write("Dockerfile", `FROM scratch\nADD ${files.url}/status /var/lib/dpkg/status\n`);
    const child = spawn(process.execPath, childArguments(bench), { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    try {
      await until("the build to ask for the file", 60_000, () => {
        assert.equal(child.exitCode, null, "the build ended before it asked");
        return gate.asked ? true : null;
      });
      const client = descendants(child.pid).find(({ command }) => command.includes(" build "));
      const building = (): boolean => allProcesses().some(({ pid }) => pid === client?.pid);
      child.kill("SIGKILL");
      await ended;
      assert.ok(building(), "the client has ended with the process that started it");
      gate.open();
      await until("the end of the client", 60_000, () => (building() ? null : true));
      assert.deepEqual(await bench.images(), [first.reference]);
      const next = await bench.build();
      assert.deepEqual(await bench.images(), [first.reference, next.reference]);
      assert.deepEqual(await leftBy(child.pid ?? 0), []);
    } finally {
      child.kill("SIGKILL");
      gate.open();
      await files.close();
    }
  });

  it("is told from one that fails again and again, whose newest five logs stay", async () => {
    await bench.write("Dockerfile", "FROM scratch\nCOPY missing /\n");
    const logs: string[] = [];
    for (let count = 0; count < 6; count++) {
      await assert.rejects(bench.build(), /docker build failed/);
      logs.push((await bench.stored()).at(-1) ?? "");
    }
    await bench.write("Dockerfile", "FROM scratch\nCOPY status /var/lib/dpkg/status\n");
    await bench.build();
    const failed = (await bench.stored()).filter((name) => logs.includes(name));
    assert.deepEqual(failed, logs.slice(1));
  });
});
