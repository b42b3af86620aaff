import assert from "node:assert/strict";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedSteps } from "../../provider/build/lock/cached-steps";
import type { ImageInputs } from "../../provider/inputs/image-inputs.generated";
import { startAptArchive } from "../support/apt-archive";
import { startArchiveHost } from "../support/archive-host";
import { startRegistry, type TestRegistry } from "../support/registry";
import { slimImage } from "./support/base-images";
import { startEmptyBuilder } from "./support/empty-builder";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeBeside } from "./support/lanes";
import { aptInstall, dpkgStatus } from "./support/recipes";

/** A clone of one repository on a machine of its own: with its own store, and a builder that has its own cache. */
interface Runner {
  bench: Bench;
  builder: string;
}

const FILE = "web-app.lock";

describeBeside("a committed lock on two runners", function () {
  this.timeout(600_000);
  let archive: Awaited<ReturnType<typeof startAptArchive>>;
  let registry: TestRegistry;
  let first: Runner;
  let second: Runner;

  const lockOf = ({ bench }: Runner): string => join(bench.directory, FILE);
  const build = ({ bench, builder }: Runner, more: Partial<ImageInputs> = {}): Promise<Outcome> =>
    bench.build({ lock: join(bench.directory, FILE), frozenLock: false, builder, ...more });
  const log = ({ bench }: Runner, { timestamp }: Outcome): Promise<string> =>
    readFile(bench.paths(timestamp).buildLog, "utf8");
  const onBoth = (path: string, content: string): Promise<unknown> =>
    Promise.all([first, second].map(({ bench }) => bench.write(path, content)));
  const downloads = (): number => archive.requests.filter(({ path }) => path.endsWith(".deb")).length;

  beforeEach(async () => {
    const { BUILDX_BUILDER: beside = "" } = process.env;
    first = { bench: await makeBench(), builder: "default" };
    second = { bench: await makeBench(), builder: beside };
    [archive, registry] = await Promise.all([startAptArchive(), startRegistry()]);
    await archive.publish({ name: "own-tool", version: "1.0" });
    await archive.publish({ name: "own-other", version: "2.0" });
    // The archive's address is another one in each test, so no cache knows the recipe.
    const base = await slimImage();
    await onBoth(
      "Dockerfile",
      `FROM ${base}\nRUN ${aptInstall(archive, "own-tool own-other")}\nCOPY app.js /\n`,
    );
    await onBoth("app.js", "1");
  });
  afterEach(async () => {
    await Promise.all([archive?.close(), registry?.stop()]);
    await Promise.all([first, second].map((runner) => runner?.bench.dispose()));
  });

  it("is the same byte by byte where each has written its own", async () => {
    const [one, other] = [await build(first), await build(second)];
    assert.deepEqual([one.proof, other.proof], ["round trip", "round trip"]);
    assert.equal(await readFile(lockOf(second), "utf8"), await readFile(lockOf(first), "utf8"));
    assert.equal(one.lockHash, other.lockHash);
  });

  it("lets an empty one take all steps from a registry, where newer versions are out", async () => {
    const place = `type=registry,ref=${registry.host}/cache:web`;
    await build(second);
    await build(second, { cacheTo: [`${place},mode=max`], force: "anew" });
    await archive.publish({ name: "own-tool", version: "1.1" });
    await copyFile(lockOf(second), lockOf(first));
    await onBoth("app.js", "2");
    const before = downloads();
    const empty = await startEmptyBuilder();
    try {
      const runner = { ...first, builder: empty.name };
      const built = await build(runner, { cacheFrom: [place], frozenLock: true });
      assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "locked", null]);
      const said = await log(runner, built);
      // BuildKit does not say CACHED of every step whose layer it fetches.
      assert.doesNotMatch(said, /^#\d+ \d+\.\d+ .*(?:Unpacking|Setting up)/m);
      assert.equal(downloads(), before);
    } finally {
      await empty.stop();
    }
  });

  it("is not verified by cached steps with other packages than the lock's", async () => {
    let thing = "1.0";
    const body = (): Buffer => Buffer.from(`${dpkgStatus({ "own-thing": thing })}\n`);
    const host = await startArchiveHost((path) =>
      path === "/status" ? { body: body(), contentType: "text/plain" } : null,
    );
    try {
      // No pin governs what comes from there, so the step is the same to every cache, whatever came.
      const fetch = `/usr/lib/apt/apt-helper download-file ${host.url}/status /tmp/status`;
      const step = `RUN ${fetch} && cat /tmp/status >> /var/lib/dpkg/status && rm /tmp/status`;
      await onBoth("Dockerfile", `FROM ${await slimImage()}\n${step}\nCOPY app.js /\n`);
      assert.equal((await build(first)).verified, "verified");
      await copyFile(lockOf(first), lockOf(second));
      thing = "6.6";
      const poisoned = await build(second, { frozenLock: true });
      thing = "1.0";
      await onBoth("app.js", "2");
      const built = await build(second, { frozenLock: true });
      assert.equal(cachedSteps(await log(second, built)).runs, true);
      for (const outcome of [poisoned, built]) {
        assert.deepEqual([outcome.verified, outcome.proof], ["unverified", null]);
        assert.deepEqual(outcome.drift.changed, [{ name: "dpkg:own-thing", from: "1.0", to: "6.6" }]);
      }
      const clean = await build(second, { frozenLock: true, cache: "none", force: "anew" });
      assert.deepEqual([clean.verified, clean.proof], ["verified", "locked"]);
    } finally {
      await host.close();
    }
  });
});
