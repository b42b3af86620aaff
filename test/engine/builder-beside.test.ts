import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { EngineUnreachableError, EngineUnsuitableError } from "../../provider/engines/errors";
import { engineAt } from "../../provider/build/functions/effects";
import { readRecord } from "../../provider/store/record";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { allProcesses } from "../support/processes";
import { buildTiny, docker, imageId, removeImage } from "../support/docker";
import { leftBy } from "../support/left-by";
import { until } from "../support/until";
import { slimImage } from "./support/base-images";
import { type Bench, type Outcome, makeBench, quickBench } from "./support/bench";
import { wrapDocker } from "./support/docker-wrapper";
import { buildInChild, childArguments, type ChildOutcome } from "./support/in-child";
import { describeBeside } from "./support/lanes";
import { aptInstall, dpkgStatus } from "./support/recipes";
import { imagePartsWith } from "./support/traces";
import { versionsIn } from "./support/versions-in";

describeBeside("an image of the engine whose archive ends early", function () {
  this.timeout(120_000);
  const base = `verified-images-tests/cut:${process.pid}`;
  let bench: Bench;

  beforeEach(async () => {
    await buildTiny({ name: base });
    bench = await makeBench();
    await bench.write("Dockerfile", `FROM ${base}\nCOPY status /var/lib/dpkg/status\n`);
    await bench.write("status", dpkgStatus({ base: "1.0" }));
  });
  afterEach(async () => {
    await bench.dispose();
    await removeImage(base);
  });
  const built = async (behaviour: string): Promise<ChildOutcome> =>
    buildInChild(bench, await wrapDocker(bench.directory, behaviour, "image save"));

  it("is asked for once more", async () => {
    const result = await built('[ "$TURN" -gt 1 ] || { "$REAL" "$@" | head -c 512; exit 0; }');
    assert.ok("outputs" in result, JSON.stringify(result));
    assert.equal(result.outputs.verified, "verified");
  });

  it("fails the build when it always does", async () => {
    const result = await built('[ "$TURN" = 1 ] && exit 1; "$REAL" "$@" | head -c 512; exit 0');
    assert.ok("error" in result);
    // The order of the archive's files differs: what is cut is a file, or is whole but not all.
    assert.match(
      result.error,
      /^docker image save did not send the image sha256:\w+: (?:its archive can't be read|there is no manifest\.json)/,
    );
  });
});

describeBeside("a recipe that only a new BuildKit reads, from images that only the engine has", function () {
  this.timeout(120_000);
  const base = `verified-images-tests/only-here:${process.pid}`;
  let bench: Bench;
  let archive: Archive;
  let outcome: Outcome;

  before(async () => {
    const slim = await slimImage();
    await buildTiny({ name: base, text: "from the engine", labels: { "tests.base": "1" } });
    bench = await makeBench();
    archive = await startAptArchive();
    for (const name of ["own-maker", "own-tool"]) {
      await archive.publish({ name, version: "1.0" });
      archive.onceDownloaded(name, async () => void (await archive.publish({ name, version: "2.0" })));
    }
    await bench.write(
      "Dockerfile",
      `FROM ${slim} AS maker
RUN <<EOF
set -e
${aptInstall(archive, "own-maker").replaceAll(" && ", "\n")}
mkdir /out
echo made > /out/maker
EOF
FROM ${slim}
RUN ["/bin/sh", "-c", "echo json > /json"]
COPY <<EOF /written
written
EOF
COPY --from=0 /out /out
COPY --from=${base} /text /text
RUN --mount=type=bind,from=maker,source=/out,target=/mnt cat /mnt/maker > /mounted
RUN ${aptInstall(archive, "own-tool")}
USER 1000:1000
RUN <<EOF
id -u > /tmp/user
EOF
FROM ${slim} AS never
RUN exit 1
`,
    );
    outcome = await bench.build({ revision: "d".repeat(40), target: "1" });
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
    await removeImage(base);
  });

  it("is verified, although newer versions have appeared, with the pins in a heredoc too", async () => {
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    const own = Object.entries(versionsIn(await bench.lock(outcome))).filter(([name]) =>
      name.includes(":own-"),
    );
    assert.deepEqual(Object.fromEntries(own), {
      "dpkg:own-maker [stage maker]": "1.0",
      "dpkg:own-tool": "1.0",
    });
    const debs = archive.requests.map(({ path }) => path).filter((path) => path.endsWith(".deb"));
    assert.equal(debs.length, 4, "a stage that is captured is not built again");
    assert.ok(debs.every((path) => path.endsWith("_1.0_all.deb")));
  });

  it("was built by that builder, from the engine's own images", async () => {
    const record = await readRecord(bench.paths(outcome.timestamp).record);
    assert.match(record?.engine.driver ?? "", /^(?:remote|docker-container)$/);
    assert.match(record?.engine.buildkit ?? "", /^0\.(?:3[1-9]|[4-9]\d)\./);
    assert.ok(!JSON.stringify(await bench.lock(outcome)).includes("buildkit"));
    const id = await imageId(base);
    assert.deepEqual(
      outcome.baseImages.find(({ reference }) => reference === base),
      { reference: base, digest: id },
    );
    for (const log of ["buildLog", "verifyLog"] as const) {
      const text = await readFile(bench.paths(outcome.timestamp)[log], "utf8");
      assert.match(text, /OCI load from client/);
      assert.doesNotMatch(text, /load metadata for docker\.io\/(?!verified-images\/base:)/);
    }
  });

  it("gives the image that the recipe alone describes, on the engine, under the ID that it says", async () => {
    assert.equal(await imageId(outcome.reference), outcome.imageId);
    const run = ["run", "--rm", "--network", "none", outcome.reference, "cat"];
    const files = ["/out/maker", "/mounted", "/json", "/written", "/text", "/tmp/user"];
    assert.equal(await docker([...run, ...files]), "made\nmade\njson\nwritten\nfrom the engine1000");
    const labels = await docker(["image", "inspect", "--format", "{{json .Config.Labels}}", outcome.imageId]);
    assert.equal(
      (JSON.parse(labels) as Record<string, string>)["org.opencontainers.image.revision"],
      "d".repeat(40),
    );
  });

  it("has nothing of ours in the kept image: no layer, no history, no configuration", async () => {
    const parts = await imagePartsWith(outcome.imageId, ["verified-images", "only-here", "own-tool"]);
    assert.deepEqual([parts.get("verified-images"), parts.get("only-here")], [[], []]);
    assert.notDeepEqual(parts.get("own-tool"), [], "control: the search finds things");
  });

  it("leaves nothing behind, and the bases have their own names only", async () => {
    assert.deepEqual(await leftBy(process.pid), []);
    const tags = await docker(["image", "inspect", "--format", "{{json .RepoTags}}", base]);
    assert.deepEqual(JSON.parse(tags), [base]);
  });

  it("drifts by name when it goes past the pins", async () => {
    await archive.publish({ name: "own-late", version: "1.0" });
    archive.onceDownloaded("own-late", async () => {
      await archive.publish({ name: "own-late", version: "2.0" });
    });
    const slim = await slimImage();
    const source = `echo '${archive.sourceLine}' > /etc/apt/sources.list`;
    await bench.write(
      "Dockerfile",
      `FROM ${slim}
RUN <<EOF
${source}
apt-get update -qq
env -u APT_CONFIG apt-get install -y -qq own-late
EOF
`,
    );
    const { verified, drift, reason } = await bench.build();
    assert.equal(verified, "unverified", reason ?? "");
    const changed = [{ name: "dpkg:own-late", from: "1.0", to: "2.0" }];
    assert.deepEqual(drift, { changed, added: [], removed: [] });
  });
});

describeBeside("a build that is interrupted", function () {
  this.timeout(90_000);
  let bench: Bench;
  before(async () => (bench = await makeBench()));
  after(() => bench?.dispose());

  it("ends on the builder too, within seconds, and leaves nothing", async () => {
    const sleep = `sleep 600.${process.pid}`;
    await bench.write("Dockerfile", `FROM ${await slimImage()}\nRUN ${sleep}\n`);
    const child = spawn(process.execPath, childArguments(bench), { stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const running = (): boolean => allProcesses().some(({ command }) => command.endsWith(sleep));
    try {
      await until("the build's own process", 60_000, () => (running() ? true : null));
      child.kill("SIGINT");
      await ended;
      await until("the end of the build", 60_000, () => (running() ? null : true));
    } finally {
      child.kill("SIGKILL");
    }
    assert.deepEqual(await leftBy(child.pid ?? 0), []);
    assert.deepEqual(await bench.images(), []);
  });
});

describeBeside("the input builder", function () {
  this.timeout(120_000);
  let bench: Bench;
  let beside: Outcome;
  let driver = "";

  before(async () => {
    bench = await quickBench();
    const { BUILDX_BUILDER: builder = "" } = process.env;
    const said = await docker(["buildx", "inspect", builder], { env: process.env });
    driver = /^Driver:\s+(\S+)$/m.exec(said)?.[1] ?? "";
    process.env.BUILDX_BUILDER = "default";
    beside = await bench.build({ builder });
  });
  after(() => bench?.dispose());

  const driverOf = async ({ timestamp }: Outcome): Promise<string | undefined> =>
    (await readRecord(bench.paths(timestamp).record))?.engine.driver;

  it("decides, whatever builder is selected", async () => {
    assert.match(driver, /^(?:remote|docker-container)$/);
    assert.equal(await driverOf(beside), driver);
  });

  it("builds nothing anew when it changes, for the image is the same", async () => {
    const again = await bench.build();
    assert.deepEqual([again.timestamp, again.steps], [beside.timestamp, []]);
  });

  it("fails with what to do where it names none, before anything is built", async () => {
    const words = /the builder verified-images-tests-missing is unknown.*select one with `builder`/;
    await assert.rejects(bench.build({ builder: "verified-images-tests-missing", force: 1 }), words);
    assert.deepEqual(await bench.images(), [beside.reference]);
  });
});

describeBeside("a selected builder that is not there", function () {
  this.timeout(60_000);
  const buildx = (...args: string[]): Promise<string> => docker(["buildx", ...args], { env: process.env });
  let bench: Bench;
  let first: Outcome;

  before(async () => {
    bench = await quickBench();
    first = await bench.build();
    await buildx("create", "--name", "verified-images-tests-gone", "--driver", "remote", "unix:///nowhere");
  });
  after(async () => {
    await buildx("rm", "verified-images-tests-gone");
    await bench?.dispose();
  });

  for (const [name, kind, words] of [
    [
      "verified-images-tests-missing",
      EngineUnsuitableError,
      /no builder "verified-images-tests-missing" found/,
    ],
    [
      "verified-images-tests-gone",
      EngineUnreachableError,
      /nothing answers at its endpoint.*docker buildx use/,
    ],
  ] as const) {
    it(`${name}: fails a build with what to do, and is not asked where nothing is built`, async () => {
      process.env.BUILDX_BUILDER = name;
      const again = await bench.build();
      assert.deepEqual([again.timestamp, again.steps], [first.timestamp, []]);
      assert.equal(
        (await engineAt(undefined, 30).inspect([first.imageId])).get(first.imageId)?.id,
        first.imageId,
      );
      await assert.rejects(bench.build({ force: name }), (error: unknown) => {
        assert.ok(error instanceof kind, String(error));
        assert.match(error.message, words);
        return true;
      });
      assert.deepEqual(await bench.images(), [first.reference]);
    });
  }
});
