import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Archive } from "../support/archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";

describe("a version that is published again with other bytes", function () {
  this.timeout(600_000);
  let tools: string;
  let bench: Bench;
  let archive: Archive | undefined;

  before(async () => {
    tools = await toolsImage();
  });
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async () => {
    await archive?.close();
    await bench.dispose();
  });

  it("of pip is drift, with the beginnings of both hashes, and so is what it newly depends on", async () => {
    const pip = await startPipIndex();
    archive = pip;
    for (const name of ["own-tool", "own-new"]) await pip.publish({ name, version: "1.0" });
    pip.onceDownloaded("own-tool", async () => {
      await pip.publish({ name: "own-tool", version: "1.0", content: "other", depends: ["own-new"] });
    });
    const install = `/opt/venv/bin/pip install --no-cache-dir ${pip.sourceLine} own-tool`;
    await bench.write("Dockerfile", `FROM ${tools}\nRUN ${install}\n`);
    const { verified, drift } = await bench.build();
    assert.equal(verified, "unverified");
    assert.deepEqual(drift.added, [{ name: "pip:own-new", version: "1.0" }]);
    const [change, ...more] = drift.changed;
    assert.deepEqual([change?.name, more], ["pip:own-tool", []]);
    for (const version of [change?.from, change?.to]) {
      assert.match(version ?? "", /^1\.0 \(sha256:[0-9a-f]{12}\)$/);
    }
    assert.notEqual(change?.from, change?.to);
  });

  it("of npm is refused: with a lock file, without one, and by install -g; unverified, with npm's own words", async () => {
    const npm = await startNpmRegistry();
    archive = npm;
    for (const name of ["own-global", "own-loose", "own-locked"]) {
      await npm.publish({ name, version: "1.0.0" });
      npm.onceDownloaded(name, async () => {
        await npm.publish({ name, version: "1.0.0", content: "other" });
      });
    }
    const install = `npm install --fetch-retries=0 ${npm.sourceLine}`;
    // The first two may fail, so that one rebuild tells of all.
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
RUN ${install} -g own-global || true
RUN mkdir -p /loose /locked && cd /loose && ${install} --no-package-lock own-loose || true
RUN cd /locked && ${install} own-locked
`,
    );
    const { verified, reason, timestamp } = await bench.build();
    assert.equal(verified, "unverified");
    assert.match(reason ?? "", /npm could not repeat the locked installation: .*EINTEGRITY/);
    const log = await readFile(bench.paths(timestamp).verifyLog, "utf8");
    const refused = new Set(
      Array.from(log.matchAll(/^#(\d+) .*npm error code EINTEGRITY/gm), ([, step]) => step),
    );
    assert.equal(refused.size, 3, log);
  });
});
