import assert from "node:assert/strict";
import type { Archive } from "../support/archive";
import { startNpmRegistry, type NpmSpec } from "../support/npm-registry";
import { startPipIndex, type PipSpec } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";

const PIP = "/opt/venv/bin/pip install --retries 0";

describe("one RUN that installs several times", function () {
  this.timeout(600_000);
  let image: string;
  let bench: Bench;
  let npm: Archive<NpmSpec>;
  let pip: Archive<PipSpec>;

  before(async () => {
    image = await toolsImage();
    [npm, pip] = await Promise.all([startNpmRegistry(), startPipIndex()]);
    for (const version of ["2.3.8", "3.1.0"]) await pip.publish({ name: "own-lib", version });
    await pip.publish({ name: "own-web", version: "3.0.3", depends: ["own-lib>=3.0"] });
    for (const version of ["2.3", "3.1"]) await pip.publish({ name: "own-two", version });
    pip.onceDownloaded("own-two", async () => {
      await pip.publish({ name: "own-two", version: "3.2" });
    });
    await pip.publish({ name: "own-extra", version: "1.0" });
    await pip.publish({ name: "own-base", version: "2.3" });
    await pip.publish({ name: "own-base", version: "3.0", depends: ["own-extra"] });
    await pip.publish({ name: "own-app", version: "1.0", depends: ["own-base>=2"] });
    pip.onceDownloaded("own-base", async () => {
      await pip.publish({ name: "own-base", version: "3.1" });
    });
    await npm.publish({ name: "own-tool", version: "6.0.0" });
    await npm.publish({ name: "own-part", version: "1.0.0" });
    await npm.publish({ name: "own-tool", version: "7.0.0", dependencies: { "own-part": "^1.0.0" } });
  });
  after(() => Promise.all([npm, pip].map((archive) => archive?.close())));
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(() => bench.dispose());

  const build = async (run: string): Promise<Outcome> => {
    await bench.write("Dockerfile", `FROM ${image}\nRUN ${run}\n`);
    return await bench.build();
  };
  const install = (words: string): string => `${PIP} ${pip.sourceLine} ${words}`;
  const global = (words: string): string => `npm install -g ${npm.sourceLine} ${words}`;

  for (const [claim, run] of [
    [
      "pip, of which the second replaces what the first needs",
      () => [install("own-web==3.0.3"), install("own-lib==2.3.8")],
    ],
    ["pip, quietly", () => [install("-q own-web==3.0.3"), install("-q own-lib==2.3.8 2> /dev/null")]],
    ["pip, of which the second raises a version", () => [install("own-lib==2.3.8"), install("-U own-lib")]],
    [
      "pip in an environment of its own that is removed again",
      () => [
        install("own-lib==2.3.8"),
        "python3 -m venv /tmp/own",
        `/tmp/own/bin/pip install --retries 0 ${pip.sourceLine} own-web`,
        "rm -r /tmp/own",
      ],
    ],
    [
      "pip, of which the first brings along what the second does not need",
      () => [install("own-app"), install("own-base==2.3")],
    ],
    [
      "pip in two environments that keep different versions",
      () => [
        install("own-two"),
        "python3 -m venv /opt/other",
        `/opt/other/bin/pip install --retries 0 ${pip.sourceLine} 'own-two<3'`,
      ],
    ],
    ["npm, of which the second lowers a version", () => [global("own-tool@^7"), global("own-tool@^6")]],
  ] as const) {
    it(`is verified: ${claim}`, async () => {
      const { verified, reason, drift } = await build(run().join(" && "));
      assert.deepEqual(
        { verified, reason, drift },
        { verified: "verified", reason: null, drift: { changed: [], added: [], removed: [] } },
      );
    });
  }
});
