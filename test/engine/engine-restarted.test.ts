import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runChild } from "../support/child";
import { dockerProgram } from "../support/docker";
import { CONTAINERD, noOwnEngine, startOwnEngine, type OwnEngine } from "../support/own-engine";
import { until } from "../support/until";
import { shellImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

/** Seconds that the RUN takes: longer than the engine needs to begin its end. */
const RUNS = 15;

describe("an engine that is restarted in the middle of a build", function () {
  this.timeout(300_000);
  let engine: OwnEngine;
  let bench: Bench;
  let image: string;

  const docker = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runChild(await dockerProgram(), args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  before(async function () {
    const reason = noOwnEngine();
    if (reason !== null && process.env.CI) throw new Error(reason);
    if (reason !== null) return this.skip();
    image = await shellImage();
    bench = await makeBench();
    engine = await startOwnEngine("restarted", CONTAINERD);
    const archive = join(bench.directory, "shell.tar");
    await docker("save", "--output", archive, image);
    await docker("--host", engine.host, "load", "--input", archive);
    // Without a network of the engine's own a RUN has none.
    await bench.write("Dockerfile", `FROM ${image}\nRUN --network=none perl -e 'sleep ${RUNS}'\n`);
  });
  after(async () => {
    await bench?.dispose();
    await engine?.dispose();
  });

  /** Ends the engine when the RUN of a log runs, and starts it again when the build has ended. */
  async function restarted(
    log: "build.log" | "verify.log",
    build: Promise<Outcome>,
  ): Promise<Outcome | Error> {
    const ended = build.catch((error: unknown) => error as Error);
    const isRunning = async (): Promise<true | null> => {
      const names = (await bench.stored()).filter((name) => name.endsWith(log));
      const texts = names.map((name) => readFile(join(bench.root, bench.name, name), "utf8"));
      return (await Promise.all(texts)).some((text) => /RUN .*perl/.test(text)) ? true : null;
    };
    await until("the RUN", 60_000, isRunning);
    await engine.stop();
    const result = await ended;
    await engine.start();
    return result;
  }

  it("fails the build in one sentence, and leaves no image, lock or mark, only what the next build clears away", async () => {
    const error = await restarted("build.log", bench.build({ host: engine.host }));
    assert.ok(error instanceof Error, JSON.stringify(error));
    assert.match(error.message, /^the engine at unix:.* went away in the middle of the build of bench-/);
    assert.match(error.message, /; see that it runs, and run the update again \(log: .*\.build\.log\)$/);
    const endings = (await bench.stored()).map((name) => name.replace(/^.*Z/, ""));
    assert.deepEqual(endings, [".build.log", ".building", ".rough.Dockerfile"]);
    const images = await docker("--host", engine.host, "image", "ls", "--quiet", bench.name);
    assert.equal(images, "");
  });

  it("leaves a build whose rebuild it ends unknown, and the next call verifies it", async () => {
    await bench.build({ host: engine.host, verify: "skip" });
    const outcome = await restarted("verify.log", bench.build({ host: engine.host }));
    if (outcome instanceof Error) throw outcome;
    assert.equal(outcome.verified, "unknown");
    assert.match(outcome.reason ?? "", /went away in the middle of the build/);
    const again = await bench.build({ host: engine.host });
    assert.deepEqual([again.verified, again.reason], ["verified", null]);
    assert.equal(again.imageId, outcome.imageId);
    const stored = await bench.stored();
    assert.ok(stored.some((name) => name.endsWith(".verified")));
    assert.ok(!stored.some((name) => name.endsWith(".building")), stored.join(" "));
  });
});
