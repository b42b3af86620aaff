import assert from "node:assert/strict";
import type { Archive } from "../support/archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex, type PipSpec } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

const INSTALLS = {
  pip: (line: string) => `/opt/venv/bin/pip install --no-cache-dir ${line} own-tool`,
  "npm without a lock file": (line: string) =>
    `mkdir /site && cd /site && npm install --fetch-retries=0 --no-package-lock ${line} own-tool`,
  "npm with a lock file": (line: string) =>
    `mkdir -p /site && cd /site && npm install --fetch-retries=0 ${line} own-tool`,
  "npm install -g": (line: string) => `npm install -g --fetch-retries=0 ${line} own-tool`,
};

describe("a version that is published again with other bytes", function () {
  this.timeout(600_000);
  let tools: string;
  let bench: Bench;
  let archive: Archive;

  before(async () => {
    tools = await toolsImage();
  });
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  /** A round trip in which the version is the same and its bytes are not, or are. */
  async function build(kind: keyof typeof INSTALLS, again: Partial<PipSpec>): Promise<Outcome> {
    archive = kind === "pip" ? await startPipIndex() : await startNpmRegistry();
    const spec = { name: "own-tool", version: kind === "pip" ? "1.0" : "1.0.0" };
    await archive.publish(spec);
    await archive.publish({ ...spec, name: "own-new" });
    const hook = archive.onceDownloaded("own-tool", async () => {
      await archive.publish({ ...spec, ...again });
    });
    await bench.write("Dockerfile", `FROM ${tools}\nRUN ${INSTALLS[kind](archive.sourceLine)}\n`);
    const outcome = await bench.build();
    assert.ok(hook.fired);
    return outcome;
  }

  it("of pip is drift, with the beginnings of both hashes, and so is what it newly depends on", async () => {
    const { verified, drift } = await build("pip", { content: "other", depends: ["own-new"] });
    assert.deepEqual(drift.added, [{ name: "pip:own-new", version: "1.0" }]);
    assert.equal(verified, "unverified");
    const [change, ...more] = drift.changed;
    assert.deepEqual(more, []);
    assert.equal(change?.name, "pip:own-tool");
    assert.match(change?.from ?? "", /^1\.0 \(sha256:[0-9a-f]{12}\)$/);
    assert.match(change?.to ?? "", /^1\.0 \(sha256:[0-9a-f]{12}\)$/);
    assert.notEqual(change?.from, change?.to);
  });

  it("of pip is no drift where the bytes are the same", async () => {
    assert.equal((await build("pip", {})).verified, "verified");
  });

  for (const kind of ["npm without a lock file", "npm with a lock file", "npm install -g"] as const) {
    it(`of ${kind} is refused: unverified, with npm's own words`, async () => {
      const { verified, reason } = await build(kind, { content: "other" });
      assert.equal(verified, "unverified");
      assert.match(reason ?? "", /npm could not repeat the locked installation: .*EINTEGRITY/);
    });
  }
});
