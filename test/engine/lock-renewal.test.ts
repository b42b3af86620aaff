import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseLock } from "../../provider/packages/lock/parse";
import { startAptArchive } from "../support/apt-archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { aptInstall } from "./support/recipes";
import { versionsIn } from "./support/versions-in";

describe("the renewal of single packages of a committed lock", function () {
  this.timeout(600_000);
  let bench: Bench;
  let archives: {
    apt: Awaited<ReturnType<typeof startAptArchive>>;
    pip: Awaited<ReturnType<typeof startPipIndex>>;
    npm: Awaited<ReturnType<typeof startNpmRegistry>>;
  };
  let inputs: { lock: string; frozenLock: boolean };

  const own = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(versionsIn(parseLock(await readFile(inputs.lock, "utf8")))).filter(([name]) =>
        name.includes(":own-"),
      ),
    );

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    inputs = { lock: join(bench.directory, "web-app.lock"), frozenLock: false };
    const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
    archives = { apt, pip, npm };
    const publish = async (minor: number): Promise<void> => {
      const [deb, version] = [`1.${minor}`, `1.${minor}.0`];
      await apt.publish({ name: "own-lib", version: deb });
      await apt.publish({ name: "own-tool", version: deb, depends: [`own-lib (= ${deb})`] });
      await apt.publish({ name: "own-other", version: deb });
      await pip.publish({ name: "own-lib", version: deb });
      await pip.publish({ name: "own-tool", version: deb, depends: [`own-lib==${deb}`] });
      await pip.publish({ name: "own-other", version: deb });
      await npm.publish({ name: "own-lib", version });
      await npm.publish({ name: "own-tool", version, dependencies: { "own-lib": `^${version}` } });
      await npm.publish({ name: "own-other", version });
    };
    await publish(0);
    const dependencies = { "own-tool": "^1.0.0", "own-other": "^1.0.0" };
    await bench.write("package.json", JSON.stringify({ name: "site", dependencies }));
    await bench.write(
      "Dockerfile",
      `FROM ${tools}
RUN ${aptInstall(apt, "own-tool own-other")}
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-tool own-other
WORKDIR /site
COPY package.json .
RUN npm install ${npm.sourceLine}
`,
    );
    const built = await bench.build(inputs);
    assert.deepEqual([built.verified, built.reason], ["verified", null]);
    await publish(1);
  });

  after(async () => {
    await Promise.all(Object.values(archives ?? {}).map((archive) => archive.close()));
    await bench?.dispose();
  });

  /** Each renewal goes on from the one before. */
  const RENEWALS: [string[], Record<string, string>][] = [
    [["dpkg:own-other"], { "dpkg:own-other": "1.1" }],
    [
      ["npm:own-tool", "pip:own-other"],
      { "npm:own-tool": "1.1.0", "npm:own-lib": "1.1.0", "pip:own-other": "1.1" },
    ],
    [
      ["dpkg:own-tool", "pip:own-tool"],
      { "dpkg:own-tool": "1.1", "dpkg:own-lib": "1.1", "pip:own-tool": "1.1", "pip:own-lib": "1.1" },
    ],
  ];
  for (const [names, moved] of RENEWALS) {
    it(`of ${names.join(", ")} moves ${Object.keys(moved).join(" and ")}, and leaves all others`, async () => {
      const expected = { ...(await own()), ...moved };
      const built = await bench.build(inputs, undefined, undefined, names);
      assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "locked", null]);
      assert.deepEqual(await own(), expected);
    });
  }
});
