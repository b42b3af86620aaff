import assert from "node:assert/strict";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { describeInLanes } from "./support/lanes";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { aptInstall } from "./support/recipes";
import { versionsIn } from "./support/versions-in";

describeInLanes("pins hold the rebuild to the lock although newer versions have appeared", function (beside) {
  this.timeout(600_000);
  let bench: Bench;
  let archives: { apt: Archive; pip: Archive; npm: Archive };
  let hooks: { fired: boolean }[];
  let outcome: Outcome;
  const seen: Record<string, number> = {};

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
    archives = { apt, pip, npm };
    await apt.publish({ name: "own-lib", version: "1.0" });
    await apt.publish({ name: "own-second", version: "1.0" });
    await apt.publish({ name: "own-tool", version: "1.0", depends: ["own-lib", "own-first | own-second"] });
    await pip.publish({ name: "own-lib", version: "1.0" });
    await pip.publish({ name: "Own_Tool", version: "1.0", depends: ["own-lib>=1.0"] });
    await npm.publish({ name: "own-lib", version: "1.0.0" });
    await npm.publish({ name: "own-tool", version: "1.0.0", dependencies: { "own-lib": "^1.0.0" } });
    hooks = [
      apt.onceDownloaded("own-tool", async () => {
        await apt.publish({ name: "own-lib", version: "1.1" });
        await apt.publish({ name: "own-first", version: "1.0" });
        await apt.publish({ name: "own-new", version: "1.0" });
        const depends = ["own-lib", "own-first | own-second", "own-new"];
        await apt.publish({ name: "own-tool", version: "2.0", depends });
      }),
      pip.onceDownloaded("own-lib", async () => {
        await pip.publish({ name: "own-lib", version: "1.1" });
        await pip.publish({ name: "Own_Tool", version: "2.0", depends: ["own-lib>=1.0"] });
      }),
      npm.onceDownloaded("own-lib", async () => {
        await npm.publish({ name: "own-lib", version: "1.1.0" });
        await npm.publish({ name: "own-tool", version: "1.1.0", dependencies: { "own-lib": "^1.0.0" } });
      }),
    ];
    await bench.write(
      "package.json",
      JSON.stringify({ name: "site", dependencies: { "own-tool": "^1.0.0" } }),
    );
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
RUN ${aptInstall(apt, "own-tool")}
RUN /opt/venv/bin/pip install ${pip.sourceLine} Own_Tool
WORKDIR /site
COPY package.json .
RUN npm install ${npm.sourceLine}
`,
    );
    outcome = await bench.build();
    for (const [kind, { requests }] of Object.entries(archives)) seen[kind] = requests.length;
  });

  after(async () => {
    await Promise.all(Object.values(archives ?? {}).map((archive) => archive.close()));
    await bench?.dispose();
  });

  /** The archives' packages in the lock of a build. */
  const own = async (built: Outcome): Promise<Record<string, string>> => {
    const versions = Object.entries(versionsIn(await bench.lock(built)));
    return Object.fromEntries(versions.filter(([name]) => name.includes(":own-")).sort());
  };

  it("ends verified, without drift, warning or reason", () => {
    assert.ok(hooks.every(({ fired }) => fired));
    const { verified, drift, reason, warnings } = outcome;
    assert.deepEqual(
      { verified, drift, reason, warnings },
      { verified: "verified", drift: { changed: [], added: [], removed: [] }, reason: null, warnings: [] },
    );
  });

  it("has the old versions in the lock", async () => {
    assert.deepEqual(await own(outcome), {
      "dpkg:own-lib": "1.0",
      "dpkg:own-second": "1.0",
      "dpkg:own-tool": "1.0",
      "npm:own-lib": "1.0.0",
      "npm:own-tool": "1.0.0",
      "pip:own-lib": "1.0",
      "pip:own-tool": "1.0",
    });
  });

  for (const kind of ["apt", "pip", "npm"] as const) {
    it(`downloaded each ${kind} package twice, the old version both times`, () => {
      const downloads = archives[kind].requests
        .slice(0, seen[kind])
        .filter(({ method, path }) => method === "GET" && /\.(?:deb|whl|tgz)$/.test(path))
        .map(({ path }) => path.slice(path.lastIndexOf("/") + 1))
        .sort();
      const expected = {
        apt: ["own-lib_1.0_all.deb", "own-second_1.0_all.deb", "own-tool_1.0_all.deb"],
        pip: ["own_lib-1.0-py3-none-any.whl", "own_tool-1.0-py3-none-any.whl"],
        npm: ["own-lib-1.0.0.tgz", "own-tool-1.0.0.tgz"],
      }[kind];
      assert.deepEqual(
        downloads,
        expected.flatMap((file) => [file, file]),
      );
    });
  }

  if (beside) return;
  it("control: without the pins the same recipe gets the newer ones, and a package it never had", async () => {
    assert.deepEqual(await own(await bench.build({ verify: "skip", force: "control" })), {
      // The alternative that apt prefers has appeared, so own-second does not come.
      "dpkg:own-first": "1.0",
      "dpkg:own-lib": "1.1",
      "dpkg:own-new": "1.0",
      "dpkg:own-tool": "2.0",
      "npm:own-lib": "1.1.0",
      "npm:own-tool": "1.1.0",
      "pip:own-lib": "1.1",
      "pip:own-tool": "2.0",
    });
  });
});
