import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ListedBuild } from "../../cli/listed-build";
import { spawnVerification } from "../../provider/build/background/spawn";
import { verifyRoundTrip } from "../../provider/build/functions/verify-round-trip";
import { artifactLease } from "../../provider/base/lease/artifact";
import { inSeat, seatLease } from "../../provider/base/lease/seat";
import type { ImageInputs } from "../../provider/inputs/image-inputs.generated";
import type { ImageOutputs } from "../../provider/build/roundtrip/image-outputs";
import { buildPaths } from "../../provider/store/paths";
import { readVerification } from "../../provider/store/verification";
import type { Verification } from "../../provider/store/verified-state";
import { startAptArchive } from "../support/apt-archive";
import { runChild, type ChildResult } from "../support/child";
import { imageExists, imageId } from "../support/docker";
import { driftingRecipe, driftOnce } from "../support/drifting-recipe";
import { leftBy } from "../support/left-by";
import { until } from "../support/until";
import { endVerifications, verificationsOf, verificationsOver } from "../support/verifications";
import { shellImage } from "./support/base-images";
import { type Bench, quickBench } from "./support/bench";
import { command } from "./support/command";
import { wrapDocker } from "./support/docker-wrapper";
import { childArguments } from "./support/in-child";
import { quietly } from "./support/quietly";

describe("a verification in the background", function () {
  this.timeout(120_000);
  let bench: Bench;

  beforeEach(async () => {
    bench = await quickBench();
  });
  afterEach(async () => {
    await endVerifications(bench.root);
    await bench.dispose();
  });

  const go = (): string => join(bench.directory, "go");
  /** A PATH on which the second capture, that of the rebuild, waits until it may go on. */
  async function hangingPath(): Promise<string> {
    const wait = `while [ ! -e '${go()}' ]; do sleep 0.1; done`;
    return await wrapDocker(bench.directory, `if [ "$TURN" -ge 2 ]; then echo > '${hung()}'; ${wait}; fi`);
  }
  const hung = (): string => join(bench.directory, "hung");
  const hangs = (): Promise<unknown> =>
    until("the rebuild to hang", 60_000, () => (existsSync(hung()) ? true : null));

  /** Builds in a process of its own, which ends before the verification does. */
  async function built(
    env: Record<string, string> = {},
    inputs: Partial<ImageInputs> = {},
  ): Promise<{ outputs: ImageOutputs; said: string }> {
    const words = childArguments(bench, { verify: "background", ...inputs });
    const child = await runChild(process.execPath, words, { env: { ...process.env, ...env } });
    assert.equal(child.code, 0, child.stdout + child.stderr);
    return { outputs: JSON.parse(child.stdout) as ImageOutputs, said: child.stderr };
  }
  const verification = ({ timestamp, imageId: image }: ImageOutputs): Promise<Verification> =>
    readVerification(bench.paths(timestamp), image);
  const ran = (...words: string[]): Promise<ChildResult> =>
    command(bench.directory, words, { VERIFIED_IMAGES_ROOT: "store" });
  const listed = async (): Promise<ListedBuild[]> =>
    (JSON.parse((await ran("list", "--json")).stdout) as { builds: ListedBuild[] }).builds;

  it("outlives the process that built, is visible meanwhile, and marks the build verified", async () => {
    const { outputs } = await built({ PATH: await hangingPath() });
    const log = `${bench.name}/${bench.name}-${outputs.timestamp}.verify.log`;
    assert.equal(outputs.verified, "unknown");
    assert.equal(
      outputs.reason,
      `the locked rebuild runs in the background (log: ${log} in the artifact store)`,
    );
    await hangs();
    const [running, ...more] = verificationsOf(bench.root);
    assert.ok(running !== undefined && more.length === 0);
    const [build] = await listed();
    assert.deepEqual([build?.state, build?.background?.phase], ["unknown", "running"]);
    assert.deepEqual([build?.background?.pid, build?.background?.log], [running.pid, log]);
    const { stdout } = await ran("list");
    assert.match(
      stdout,
      new RegExp(`  verifying  dpkg 1 .* latest, since \\S+Z, process ${running.pid} on `),
    );
    assert.match((await ran("show", bench.name)).stdout, /^the locked rebuild runs in the background since/m);
    assert.equal((await ran("check", bench.name, "--require-verified")).code, 1);
    // Whoever builds the same waits for it, builds nothing and starts nothing.
    let told = "";
    const again = bench.build({ verify: "background" }, undefined, (words) => (told = words));
    await until("the word", 60_000, () => (told === "" ? null : true));
    assert.match(told, new RegExp(`in use by process ${running.pid} on `));
    await writeFile(go(), "");
    const { verified, steps, timestamp, imageId: id } = await again;
    assert.deepEqual([verified, steps], ["verified", []]);
    assert.deepEqual([timestamp, id], [outputs.timestamp, outputs.imageId]);
    await verificationsOver(bench.root);
    assert.deepEqual(await readdir(bench.root), [bench.name]);
    assert.equal(existsSync(bench.paths(timestamp).verifying), false);
    assert.deepEqual(await leftBy(running.pid), []);
    assert.match(await readFile(bench.paths(timestamp).verifyLog, "utf8"), / is verified: /);
  });

  it("that is killed is noticed by name, and the next build verifies the same image again", async () => {
    const { outputs } = await built({ PATH: await hangingPath() });
    await hangs();
    const [running] = verificationsOf(bench.root);
    assert.ok(running);
    assert.ok((await leftBy(running.pid)).length > 0, "there is nothing that the kill could leave");
    process.kill(running.pid, "SIGKILL");
    await verificationsOver(bench.root);
    await writeFile(go(), "");
    const { state, reason, background } = await verification(outputs);
    assert.deepEqual([state, background?.phase], ["unknown", "dead"]);
    assert.match(
      reason ?? "",
      new RegExp(
        `^the rebuild in the background \\(process ${running.pid} on \\S+, since \\S+\\) ended without a verdict: it was killed, `,
      ),
    );
    assert.match(
      (await ran("list")).stdout,
      /  unknown  dpkg 1 .* latest, verification ended without a verdict \(since /,
    );
    const shown = (await ran("show", bench.name)).stdout;
    assert.ok(shown.includes(`verified-images verify ${bench.name} ${outputs.timestamp} verifies`), shown);
    const next = await bench.build({ verify: "background" });
    assert.deepEqual([next.verified, next.steps, next.timestamp], ["unknown", [], outputs.timestamp]);
    await verificationsOver(bench.root);
    assert.equal((await verification(outputs)).state, "verified");
    assert.equal(await imageId(outputs.reference), outputs.imageId);
    assert.deepEqual(await leftBy(running.pid), []);
  });

  it("that gets SIGTERM cleans up after itself, and leaves no verdict", async () => {
    const { outputs } = await built({ PATH: await hangingPath() });
    await hangs();
    const [running] = verificationsOf(bench.root);
    assert.ok(running);
    await endVerifications(bench.root);
    assert.deepEqual(await leftBy(running.pid), []);
    assert.deepEqual(await readdir(bench.root), [bench.name]);
    assert.equal((await verification(outputs)).background?.phase, "dead");
  });

  it("of an earlier build is waited for by a newer one, and each gets a mark of its own", async () => {
    const first = (await built({ PATH: await hangingPath() })).outputs;
    await hangs();
    let told = false;
    const newer = bench.build(
      { verify: "background", labels: { newer: "yes" } },
      undefined,
      () => (told = true),
    );
    await until("the word", 60_000, () => (told ? true : null));
    assert.equal(verificationsOf(bench.root).length, 1);
    await writeFile(go(), "");
    const second = await newer;
    await verificationsOver(bench.root);
    assert.notEqual(second.imageId, first.imageId);
    for (const build of [first, second]) {
      const { state, reason } = await verification(build);
      assert.equal(state, "verified", reason ?? "");
      const mark = JSON.parse(await readFile(bench.paths(build.timestamp).verified, "utf8")) as ImageOutputs;
      assert.equal(mark.imageId, build.imageId);
    }
  });

  it("waits for its turn among those of the store, without keeping the artifact from being verified otherwise", async () => {
    let release = (): void => undefined;
    const busy = inSeat(
      { root: bench.directory, limit: 1, note: () => undefined },
      () => new Promise<void>((resolve) => (release = resolve)),
    );
    await until("the seat", 60_000, () => (existsSync(seatLease(bench.directory, 1)) ? true : null));
    const root = bench.directory;
    const env = { VERIFIED_IMAGES_CONCURRENCY: "1" };
    const { outputs } = await built(env, { root });
    try {
      const log = join(root, bench.name, `${bench.name}-${outputs.timestamp}.verify.log`);
      await until("the word in the log", 60_000, async () =>
        (await readFile(log, "utf8")).includes("waiting: other verifications of this store run")
          ? true
          : null,
      );
      assert.equal(existsSync(artifactLease(root, bench.name)), false);
      const [waiting, ...more] = verificationsOf(root);
      assert.ok(waiting !== undefined && more.length === 0);
      const again = (await built(env, { root })).outputs;
      assert.deepEqual([again.timestamp, again.reason], [outputs.timestamp, outputs.reason]);
      assert.deepEqual(
        verificationsOf(root).map(({ pid }) => pid),
        [waiting.pid],
      );
      const { result } = await quietly(() => verifyRoundTrip(bench.name, root, outputs.timestamp));
      assert.equal(result.identical, true);
      await verificationsOver(root);
    } finally {
      await endVerifications(root);
      release();
      await busy;
    }
  });

  it("does nothing for a build that is gone, or whose claim is another's", async () => {
    const { timestamp } = await bench.build();
    const { verifyLog, verified } = bench.paths(timestamp);
    const mark = await readFile(verified, "utf8");
    await rm(verifyLog);
    const job = { root: bench.root, name: bench.name, timestamp, token: "0".repeat(16), limit: 1 };
    await spawnVerification({ ...job, directory: process.cwd(), logFile: verifyLog });
    await verificationsOver(bench.root);
    assert.match(await readFile(verifyLog, "utf8"), /: nothing left to do: /);
    assert.equal(await readFile(verified, "utf8"), mark);
    assert.deepEqual(await readdir(bench.root), [bench.name]);
  });

  it("of a context that has changed since is an error with its reason, not drift, and is tried again", async () => {
    // Its turn comes when the context is another one already.
    const root = bench.directory;
    const { outputs } = await inSeat({ root, limit: 1, note: () => undefined }, async () => {
      const made = await built({ VERIFIED_IMAGES_CONCURRENCY: "1" }, { root });
      await bench.write("app", "two");
      return made;
    });
    await verificationsOver(root);
    const paths = buildPaths(root, bench.name, outputs.timestamp);
    const { state, drift, reason, background } = await readVerification(paths, outputs.imageId);
    assert.deepEqual([state, background?.phase], ["unknown", "failed"]);
    assert.deepEqual(drift, { changed: [], added: [], removed: [] });
    assert.match(
      reason ?? "",
      /^the rebuild in the background proved nothing: the build context \S+ has changed since/,
    );
    await bench.write("app", "one");
    const again = await built({}, { root });
    assert.equal(again.outputs.timestamp, outputs.timestamp);
    await verificationsOver(root);
    assert.equal((await readVerification(paths, outputs.imageId)).state, "verified");
  });

  it("gets build secrets and nothing else through its environment, and has them on no command line and in no file", async () => {
    const value = `hidden-${process.pid}-${Date.now()}`;
    // What a program has and no verification needs.
    const left = {
      ...{ PULUMI_CONFIG_PASSPHRASE: value, PULUMI_ACCESS_TOKEN: value, AWS_SECRET_ACCESS_KEY: value },
      ...{ GITHUB_TOKEN: value, NODE_AUTH_TOKEN: value, DOCKER_PASSWORD: value },
    };
    const env = { ...left, PATH: await hangingPath(), BACKGROUND_TOKEN: value };
    await bench.write(
      "Dockerfile",
      `FROM ${await shellImage()}\nRUN --mount=type=secret,id=token,required wc -c < /run/secrets/token > /seen\n`,
    );
    const { outputs } = await built(env, { secrets: { token: { env: "BACKGROUND_TOKEN" } } });
    await hangs();
    const [running] = verificationsOf(bench.root);
    assert.ok(running && !running.command.includes(value));
    const environment = (await readFile(`/proc/${running.pid}/environ`, "utf8")).split("\0");
    assert.ok(environment.includes(`BACKGROUND_TOKEN=${value}`));
    assert.ok(environment.some((line) => line.startsWith("PATH=")));
    for (const name of Object.keys(left))
      assert.deepEqual(
        environment.filter((line) => line.startsWith(`${name}=`)),
        [],
      );
    await writeFile(go(), "");
    await verificationsOver(bench.root);
    assert.equal((await verification(outputs)).state, "verified");
    const entries = await readdir(join(bench.root, bench.name), { recursive: true, withFileTypes: true });
    for (const { name, parentPath } of entries.filter((entry) => entry.isFile())) {
      assert.ok(!(await readFile(join(parentPath, name), "utf8")).includes(value), name);
    }
  });

  it("names drift as an inline one does", async () => {
    const archive = await startAptArchive();
    try {
      await driftOnce(archive);
      await bench.write("Dockerfile", driftingRecipe(archive));
      const { outputs } = await built();
      await verificationsOver(bench.root);
      const { state, drift } = await verification(outputs);
      assert.equal(state, "unverified");
      assert.deepEqual(drift.changed, [{ name: "dpkg:loose", from: "1.0", to: "2.0" }]);
      assert.deepEqual(drift.added, [{ name: "dpkg:newcomer", version: "1.0" }]);
      const { verified, steps, warnings } = await bench.build({ verify: "background" });
      assert.deepEqual([verified, steps], ["unverified", []]);
      assert.match(warnings[0] ?? "", /^unverified: dpkg:loose 1\.0 -> 2\.0/);
    } finally {
      await archive.close();
    }
  });

  it("is what the command's build starts, and says how to look at it", async () => {
    const result = await ran("build", "--name", bench.name, "--context", "context");
    assert.equal(result.code, 0, result.stderr);
    assert.match(
      result.stdout,
      /^the locked rebuild runs in the background since \S+ \(process \d+ on \S+; log: store\/.*\.verify\.log\)$/m,
    );
    assert.match(result.stdout, /^verified-images list \S+ --root store, or show, tells what came of it$/m);
    await verificationsOver(bench.root);
    assert.equal((await ran("check", bench.name, "--require-verified")).code, 0);
    assert.equal(await imageExists(`${bench.name}:latest`), false);
  });
});
