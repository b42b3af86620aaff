import assert from "node:assert/strict";
import { startNpmRegistry, type NpmSpec } from "../support/npm-registry";
import type { Archive } from "../support/archive";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { versionsIn } from "./support/versions-in";

describe("npm is held to the lock where no package-lock governs", function () {
  this.timeout(600_000);
  let bench: Bench;
  let registry: Archive<NpmSpec>;
  let outcome: Outcome;
  let tools: string;

  /** A program and the library below it, at one version. */
  async function release(kind: string, version: string): Promise<void> {
    await registry.publish({ name: `${kind}-lib`, version });
    const dependencies = { [`${kind}-lib`]: "^1.0.0" };
    await registry.publish({ name: `${kind}-cli`, version, dependencies, manifest: { bin: "index.js" } });
  }

  before(async () => {
    tools = await toolsImage();
    bench = await makeBench();
    registry = await startNpmRegistry();
    for (const kind of ["global", "project", "run"]) await release(kind, "1.0.0");
    const hooks = ["global", "project", "run"].map((kind) =>
      registry.onceDownloaded(`${kind}-lib`, () => release(kind, "1.1.0")),
    );
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
RUN npm install -g ${registry.sourceLine} global-cli
RUN mkdir /site && cd /site && npm init -y && npm install --no-package-lock ${registry.sourceLine} project-cli
USER 1000
ENV HOME=/tmp/home
RUN node /usr/local/lib/node_modules/npm/bin/npx-cli.js --yes ${registry.sourceLine} run-cli@latest
`,
    );
    outcome = await bench.build();
    assert.ok(hooks.every(({ fired }) => fired));
  });

  after(async () => {
    await registry?.close();
    await bench?.dispose();
  });

  it("ends verified although newer versions of all have appeared, of what they depend on too", async () => {
    assert.equal(outcome.verified, "verified");
    // Not pinned by a lock of the project's own, and said so; the preload holds them all the same.
    assert.deepEqual(
      outcome.unpinned.map(({ line, kind }) => `${line} ${kind}`),
      ["3 npm-unlocked"],
    );
    assert.equal(outcome.warnings.length, 1);
    const versions = versionsIn(await bench.lock(outcome));
    for (const kind of ["global", "project", "run"]) {
      assert.equal(versions[`npm:${kind}-cli`], "1.0.0");
      assert.equal(versions[`npm:${kind}-lib`], "1.0.0");
    }
  });

  it("control: where the image has NODE_OPTIONS of its own the pins have no effect, and the newer ones are drift", async () => {
    await release("env", "1.0.0");
    registry.onceDownloaded("env-lib", () => release("env", "1.1.0"));
    await bench.write(
      "Dockerfile",
      `FROM ${tools}\nENV NODE_OPTIONS=--no-warnings\nRUN npm install -g ${registry.sourceLine} env-cli\n`,
    );
    const { verified, drift } = await bench.build();
    assert.equal(verified, "unverified");
    assert.deepEqual(
      drift.changed,
      ["npm:env-cli", "npm:env-lib"].map((name) => ({ name, from: "1.0.0", to: "1.1.0" })),
    );
  });

  it("is unknown, by name, where a package was there for a moment only", async () => {
    await bench.write(
      "Dockerfile",
      `FROM ${tools}\nRUN npm install -g ${registry.sourceLine} global-cli && npm uninstall -g global-cli\n`,
    );
    const { verified, reason } = await bench.build();
    assert.equal(verified, "unknown");
    assert.match(reason ?? "", /packages that the lock does not have \(global-cli\)/);
  });
});
