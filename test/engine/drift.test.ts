import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { VerifyError } from "../../provider/base/errors/verify-error";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { docker, imageId } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { checkVerified } from "../../provider/build/functions/check-verified";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { quietly } from "./support/quietly";
import { aptInstall } from "./support/recipes";

const DRIFT = {
  changed: [
    { name: "dpkg:own-direct", from: "1.0", to: "2.0" },
    { name: "dpkg:own-raw", from: "1.0", to: "2.0" },
    { name: "npm:own-cli", from: "1.0.0", to: "1.1.0" },
    { name: "pip:own-direct", from: "1.0", to: "2.0" },
  ],
  added: [
    { name: "npm:own-fresh", version: "1.0.0" },
    { name: "pip:own-fresh", version: "1.0" },
  ],
  removed: [{ name: "pip:own-stale", version: "1.0" }],
};

describe("a recipe that goes past the pins drifts by itself", function () {
  this.timeout(600_000);
  let bench: Bench;
  let archives: Archive[] = [];
  let outcome: Outcome;

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
    archives = [apt, pip, npm];
    await apt.publish({ name: "own-tool", version: "1.0" });
    await apt.publish({ name: "own-direct", version: "1.0" });
    await apt.publish({ name: "own-raw", version: "1.0" });
    await pip.publish({ name: "own-stale", version: "1.0" });
    await pip.publish({ name: "own-direct", version: "1.0", depends: ["own-stale"] });
    await npm.publish({ name: "own-cli", version: "1.0.0" });
    apt.onceDownloaded("own-tool", () => void apt.publish({ name: "own-tool", version: "2.0" }));
    apt.onceDownloaded("own-direct", () => void apt.publish({ name: "own-direct", version: "2.0" }));
    apt.onceDownloaded("own-raw", () => void apt.publish({ name: "own-raw", version: "2.0" }));
    pip.onceDownloaded("own-stale", async () => {
      await pip.publish({ name: "own-fresh", version: "1.0" });
      await pip.publish({ name: "own-direct", version: "2.0", depends: ["own-fresh"] });
    });
    npm.onceDownloaded("own-cli", async () => {
      await npm.publish({ name: "own-fresh", version: "1.0.0" });
      await npm.publish({ name: "own-cli", version: "1.1.0", dependencies: { "own-fresh": "1.0.0" } });
    });
    const newest = "$(apt-cache madison own-direct | sort -k3,3Vr | awk '{ print $3; exit }')";
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
RUN ${aptInstall(apt, "own-tool")} && NEWEST=${newest} && apt-get install -y -qq own-direct=$NEWEST
RUN curl -fsS ${apt.url}/dists/stable/main/binary-amd64/Packages | awk '/^Filename: .*own-raw_/ { print $2 }' | sort | tail -1 > /file \\
 && curl -fsS -o /own-raw.deb "${apt.url}/$(cat /file)" && dpkg -i /own-raw.deb && rm /file /own-raw.deb
RUN env -u PIP_CONSTRAINT /opt/venv/bin/pip install ${pip.sourceLine} own-direct
RUN env -u NODE_OPTIONS npm install -g ${npm.sourceLine} own-cli
`,
    );
    outcome = await bench.build();
  });

  after(async () => {
    await Promise.all(archives.map((archive) => archive.close()));
    await bench?.dispose();
  });

  it("ends unverified without an error, with exactly the right names in drift", () => {
    assert.equal(outcome.verified, "unverified");
    assert.deepEqual(outcome.drift, DRIFT);
    assert.match(
      outcome.reason ?? "",
      /^the locked rebuild differs: drift in 7 of \d+ packages: changed dpkg:/,
    );
  });

  it("warns once, naming every drifted package on a line of its own", () => {
    assert.equal(outcome.warnings.length, 1);
    const lines = (outcome.warnings[0] ?? "").split("\n");
    assert.match(lines[0] ?? "", /^unverified: /);
    const steps = lines.findIndex((line) => line.includes("can't be pinned"));
    assert.deepEqual(lines.slice(1, steps), [
      "  changed dpkg:own-direct 1.0 -> 2.0",
      "  changed dpkg:own-raw 1.0 -> 2.0",
      "  changed npm:own-cli 1.0.0 -> 1.1.0",
      "  changed pip:own-direct 1.0 -> 2.0",
      "  added npm:own-fresh 1.0.0",
      "  added pip:own-fresh 1.0",
      "  removed pip:own-stale 1.0",
    ]);
    assert.ok(lines.at(-2)?.includes(outcome.reference));
    assert.match(lines.at(-1) ?? "", /^ {2}Let the recipe ask for the same each time, and build again; /);
  });

  it("leaves the image usable, with what the rough build installed", async () => {
    assert.equal(await imageId(outcome.reference), outcome.imageId);
    const words = ["dpkg-query", "--show", "--showformat", "${Version}", "own-direct"];
    assert.equal(await docker(["run", "--rm", "--network", "none", outcome.reference, ...words]), "1.0");
  });

  it("marks the build .unverified, about this image and this lock, and lists what could not be pinned", async () => {
    const { unverified } = bench.paths(outcome.timestamp);
    const mark = JSON.parse(await readFile(unverified, "utf8")) as Record<string, unknown>;
    assert.equal(mark.imageId, outcome.imageId);
    assert.equal(mark.lockHash, outcome.lockHash);
    assert.deepEqual(mark.drift, DRIFT);
    const names = await bench.stored();
    assert.ok(names.includes(`${bench.name}-${outcome.timestamp}.unverified`));
    assert.ok(!names.some((name) => name.endsWith(".verified") && !name.endsWith(".unverified")));
    const lines = new Set(outcome.unpinned.map(({ line }) => line));
    assert.ok(lines.has(2), "apt-get install name=version on line 2");
    assert.ok(lines.has(3), "a download on line 3");
    assert.ok(lines.has(6), "npm install -g on line 6");
  });

  it("warns again on the next call, and builds nothing", async () => {
    const again = await bench.build();
    assert.deepEqual(again.steps, []);
    assert.equal(again.timestamp, outcome.timestamp);
    assert.deepEqual(again.warnings, outcome.warnings);
  });

  it("with requireVerified throws a VerifyError that names artifact and drift on one line, and keeps the evidence", async () => {
    const before = await bench.stored();
    await assert.rejects(bench.build({ requireVerified: true }), (error: unknown) => {
      assert.ok(error instanceof VerifyError);
      assert.equal(error.artifact, outcome.reference);
      assert.ok(!error.message.includes("\n"));
      assert.ok(
        error.message.startsWith(
          `${outcome.reference} is not verified: changed dpkg:own-direct 1.0 -> 2.0; `,
        ),
      );
      assert.ok(error.message.endsWith("; removed pip:own-stale 1.0"));
      assert.deepEqual((error.evidence as Outcome).drift, DRIFT);
      return true;
    });
    assert.deepEqual(await bench.stored(), before);
    assert.equal(await imageId(outcome.reference), outcome.imageId);
  });

  it("checkVerified says the same of reference, artifact and image ID", async () => {
    for (const artifact of [outcome.reference, bench.name, outcome.imageId]) {
      const { result, lines } = await quietly(() => checkVerified(artifact, { root: bench.root }));
      assert.equal(result.state, "unverified");
      assert.deepEqual(lines, [`warning: ${result.detail}`]);
      assert.match(result.detail, /changed dpkg:own-direct 1\.0 -> 2\.0/);
      await assert.rejects(checkVerified(artifact, { root: bench.root, requireVerified: true }), VerifyError);
    }
  });

  it("checkVerified sees through another name of the image, and through a name that has moved", async () => {
    const other = `${bench.name}:other-name`;
    await docker(["image", "tag", outcome.imageId, other]);
    const { result } = await quietly(() => checkVerified(other, { root: bench.root }));
    assert.equal(result.state, "unverified");

    await docker(["image", "tag", "debian:bookworm-slim", outcome.reference]);
    try {
      const moved = await quietly(() => checkVerified(outcome.reference, { root: bench.root }));
      assert.equal(moved.result.state, "unknown");
      assert.match(
        moved.result.detail,
        /names sha256:[0-9a-f]{64} now, and not the sha256:[0-9a-f]{64} that was built$/,
      );
    } finally {
      await docker(["image", "tag", outcome.imageId, outcome.reference]);
      await docker(["image", "rm", other]);
    }
    const elsewhere = await quietly(() => checkVerified("debian:bookworm-slim", { root: bench.root }));
    assert.match(elsewhere.result.detail, /has no build of the image sha256:[0-9a-f]{64} that it names$/);
  });
});
