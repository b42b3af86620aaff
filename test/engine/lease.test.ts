import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { checkVerified } from "../../provider/build/functions/check-verified";
import { verifyRoundTrip } from "../../provider/build/functions/verify-round-trip";
import { artifactLease } from "../../provider/base/lease/artifact";
import { until } from "../support/until";
import { makeBench, type Bench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { childArguments } from "./support/in-child";
import { quietly } from "./support/quietly";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";

describe("an artifact that another process is building", function () {
  this.timeout(120_000);
  let bench: Bench;
  let hung: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    bench = await makeBench();
    hung = join(bench.directory, "hung");
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("app", "one");
    await bench.write("Dockerfile", COPY_ONLY);
  });
  afterEach(async () => {
    await kill();
    await bench.dispose();
  });

  /** Starts a build in a process of its own that hangs in its first capture. */
  async function hang(inputs: Record<string, unknown> = {}): Promise<number> {
    await rm(join(bench.directory, "exports"), { force: true });
    const path = await wrapDocker(bench.directory, `echo $$ > '${hung}'; exec sleep 300`);
    const started = spawn(process.execPath, childArguments(bench, inputs), {
      env: { ...process.env, PATH: path },
      stdio: "ignore",
    });
    child = started;
    await until("the child to hang", 60_000, async () =>
      existsSync(hung) && (await readFile(hung, "utf8")) !== "" ? true : null,
    );
    return started.pid ?? 0;
  }
  /** Kills it and what hangs in it. */
  async function kill(): Promise<void> {
    if (child?.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      process.kill(Number(await readFile(hung, "utf8")), "SIGKILL");
    }
    child = undefined;
  }

  it("is waited for, by name, and taken over at once when that process is killed", async () => {
    const pid = await hang();
    let told = false;
    const next = bench.build({}, undefined, () => (told = true));
    await until("the word", 60_000, () => (told ? true : null));
    await kill();
    const killed = performance.now();
    const { verified, notes, steps } = await next;
    assert.equal(verified, "verified");
    assert.equal(notes.length, 1);
    const [, who, host, since] =
      /in use by process (\d+) on (\S+) \(since (\S+)\)$/.exec(notes[0] ?? "") ?? [];
    assert.deepEqual([who, host], [String(pid), hostname()]);
    assert.ok(Math.abs(Date.now() - Date.parse(since ?? "")) < 120_000);
    assert.equal(steps[0], "build");
    assert.ok(performance.now() - killed < 60_000);
    assert.deepEqual(await readdir(bench.root), [bench.name]);
  });

  it("whose process was killed before, is nobody's: nothing is waited for or said", async () => {
    await hang();
    await kill();
    assert.ok(existsSync(artifactLease(bench.root, bench.name)), "the crash left no lease");
    const { verified, notes } = await bench.build();
    assert.equal(verified, "verified");
    assert.deepEqual(notes, []);
    assert.deepEqual(await readdir(bench.root), [bench.name]);
  });

  it("can be read meanwhile, and is verified again only after it", async () => {
    const { reference, timestamp } = await bench.build();
    await hang({ force: "again" });
    assert.equal((await checkVerified(reference, { root: bench.root })).state, "verified");
    let told = false;
    const verifying = quietly(() => {
      const keep = console.error;
      console.error = (...words: unknown[]): void => {
        if (/waiting: this artifact/.test(words.map(String).join(" "))) told = true;
        keep(...words);
      };
      return verifyRoundTrip(bench.name, bench.root, timestamp);
    });
    await until("the word", 60_000, () => (told ? true : null));
    await kill();
    const { result, lines } = await verifying;
    assert.equal(result.identical, true);
    assert.match(
      lines[0] ?? "",
      /^bench-\w+: waiting: this artifact of the store is in use by process \d+ on /,
    );
    assert.match(lines[1] ?? "", /: locked rebuild \.\.\.$/);
  });

  it("leaves no store behind when it can't be built for its recipe", async () => {
    await bench.write("Dockerfile", "FROM nobody/has-this:1\nCOPY status /\n");
    await assert.rejects(bench.build(), /the base image nobody\/has-this:1/);
    assert.equal(existsSync(bench.root), false);
  });
});
