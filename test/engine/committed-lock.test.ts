import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cachedSteps } from "../../provider/build/lock/cached-steps";
import { lockHash } from "../../provider/packages/lock/canonical";
import { isCanonical, parseLock } from "../../provider/packages/lock/parse";
import { startAptArchive } from "../support/apt-archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeInLongLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";
import { versionsIn } from "./support/versions-in";
import type { Renewal } from "../../provider/build/lock/renewal";

describeInLongLanes("a committed lock", function () {
  this.timeout(600_000);
  let bench: Bench;
  let archives: {
    apt: Awaited<ReturnType<typeof startAptArchive>>;
    pip: Awaited<ReturnType<typeof startPipIndex>>;
    npm: Awaited<ReturnType<typeof startNpmRegistry>>;
  };
  let recipe: string;
  let file: string;
  const lock = "web-app.lock";
  let inputs: { lock: string; frozenLock: boolean };

  const bytes = (): Promise<string> => readFile(file, "utf8");
  const own = async (): Promise<Record<string, string>> => {
    const versions = Object.entries(versionsIn(parseLock(await bytes())));
    return Object.fromEntries(versions.filter(([name]) => name.includes(":own-")).sort());
  };
  const build = (more = {}, renew: Renewal | null = null): Promise<Outcome> =>
    bench.build({ ...inputs, ...more }, undefined, undefined, renew);
  const seen = new Map<object, number>();
  /** What was downloaded since the last time that this was asked. */
  const fetched = (): string[] =>
    Object.values(archives)
      .flatMap(({ requests }) => {
        const from = seen.get(requests) ?? 0;
        seen.set(requests, requests.length);
        return requests.slice(from);
      })
      .filter(({ method, path }) => method === "GET" && /\.(?:deb|whl|tgz)$/.test(path))
      .map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  /** The lines of a `git diff` of two locks. */
  const changed = (before: string, after: string): string[] => {
    const [old, now] = [new Set(before.split("\n")), new Set(after.split("\n"))];
    const lines = [
      ...[...old].filter((line) => !now.has(line)),
      ...[...now].filter((line) => !old.has(line)),
    ];
    return lines.map(
      (line) => /"name":"([^"]*)".*"version":"([^"]*)"/.exec(line)?.slice(1, 3).join(" ") ?? line.trim(),
    );
  };

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    file = join(bench.directory, lock);
    inputs = { lock: file, frozenLock: false };
    const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
    archives = { apt, pip, npm };
    await apt.publish({ name: "own-lib", version: "1.0" });
    await apt.publish({ name: "own-tool", version: "1.0", depends: ["own-lib (= 1.0)"] });
    await apt.publish({ name: "own-other", version: "1.0" });
    await pip.publish({ name: "own-lib", version: "1.0" });
    await pip.publish({ name: "own-tool", version: "1.0", depends: ["own-lib==1.0"] });
    await pip.publish({ name: "own-other", version: "1.0" });
    await npm.publish({ name: "own-lib", version: "1.0.0" });
    await npm.publish({ name: "own-tool", version: "1.0.0", dependencies: { "own-lib": "^1.0.0" } });
    await bench.write(
      "package.json",
      JSON.stringify({ name: "site", dependencies: { "own-tool": "^1.0.0" } }),
    );
    await bench.write("app.js", "1");
    recipe = `FROM ${tools}
ARG GIT_SHA
RUN ${aptInstall(apt, "own-tool own-other")}
RUN /opt/venv/bin/pip install ${pip.sourceLine} own-tool own-other
WORKDIR /site
COPY package.json .
RUN npm install ${npm.sourceLine}
COPY app.js .
`;
    // GIT_SHA is not declared before the RUNs, as in a recipe that is made for caching.
    recipe = recipe.replace("ARG GIT_SHA\n", "");
    await bench.write("Dockerfile", recipe);
  });

  after(async () => {
    await Promise.all(Object.values(archives ?? {}).map((archive) => archive.close()));
    await bench?.dispose();
  });

  it("is refused where it is missing and frozen", async () =>
    await assert.rejects(build({ frozenLock: true }), {
      code: "lock-file",
      message: /is missing, and the lock is frozen; write it with `verified-images lock /,
    }));

  it("is written by a round trip, and says to commit it", async () => {
    const built = await build();
    assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "round trip", null]);
    assert.ok(
      built.notes.some((words) => /^wrote the lock web-app\.lock: commit it$/.test(words)),
      String(built.notes),
    );
    assert.ok(isCanonical(await bytes()));
    assert.equal(lockHash(await bytes()), built.lockHash);
    assert.deepEqual(await own(), {
      ...{ "dpkg:own-lib": "1.0", "dpkg:own-other": "1.0", "dpkg:own-tool": "1.0" },
      ...{ "npm:own-lib": "1.0.0", "npm:own-tool": "1.0.0" },
      ...{ "pip:own-lib": "1.0", "pip:own-other": "1.0", "pip:own-tool": "1.0" },
    });
    assert.deepEqual((await build()).steps, []);
  });

  it("keeps the old versions when newer ones are published, and a change of code runs no RUN", async () => {
    const { apt, pip, npm } = archives;
    await apt.publish({ name: "own-lib", version: "1.1" });
    await apt.publish({ name: "own-tool", version: "1.1", depends: ["own-lib (= 1.1)"] });
    await apt.publish({ name: "own-other", version: "1.1" });
    await pip.publish({ name: "own-lib", version: "1.1" });
    await pip.publish({ name: "own-tool", version: "1.1", depends: ["own-lib==1.1"] });
    await pip.publish({ name: "own-other", version: "1.1" });
    await npm.publish({ name: "own-lib", version: "1.1.0" });
    await npm.publish({ name: "own-tool", version: "1.1.0", dependencies: { "own-lib": "^1.1.0" } });
    fetched();
    const there = await bytes();
    await bench.write("app.js", "2");
    const built = await build({ revision: "a".repeat(40) });
    assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "locked", null]);
    assert.deepEqual(built.steps, ["locked build", "capture", "compare", "lock"]);
    assert.deepEqual(fetched(), []);
    const log = await readFile(bench.paths(built.timestamp).buildLog, "utf8");
    assert.equal(cachedSteps(log).runs, true);
    assert.doesNotMatch(log, /^#\d+ \d+\.\d+ .*(?:Setting up|Successfully installed|added \d+ packages)/m);
    assert.equal(await bytes(), there);
    assert.deepEqual((await build({ revision: "a".repeat(40) })).steps, []);
  });

  it("without cache it runs every RUN, and gets the old versions", async () => {
    const built = await build({ cache: "none", force: "anew" });
    assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "locked", null]);
    const files = fetched();
    assert.deepEqual([files.length, files.filter((name) => /1\.1/.test(name))], [8, []]);
  });

  it("validates with the published schema", async () => {
    const schema: unknown = JSON.parse(
      await readFile(join(__dirname, "../../schemas/lock.schema.json"), "utf8"),
    );
    const read = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    assert.deepEqual(read.safeParse(JSON.parse(await bytes())).error, undefined);
    assert.equal(read.safeParse({ ...JSON.parse(await bytes()), platform: 1 }).success, false);
  });

  it("a new line leaves all other packages; frozen it is refused", async () => {
    await archives.apt.publish({ name: "own-new", version: "3.0" });
    const before = await bytes();
    recipe = `${recipe}RUN apt-get install -y -qq own-new\n`;
    await bench.write("Dockerfile", recipe);
    await assert.rejects(build({ frozenLock: true }), {
      code: "lock-file",
      message: /does not fit the recipe, and it is frozen \(line 8 is new or changed: RUN apt-get install/,
    });
    const built = await build();
    assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "locked", null]);
    const lines = changed(before, await bytes());
    assert.deepEqual(
      lines.filter((line) => !/"instruction"/.test(line)),
      ["own-new 3.0"],
    );
    assert.deepEqual((await build()).steps, []);
  });

  it("a renewal of everything takes the newest", async () => {
    const built = await build({}, "all");
    assert.deepEqual([built.verified, built.proof, built.reason], ["verified", "round trip", null]);
    assert.deepEqual([...new Set(Object.values(await own()))].sort(), ["1.1", "1.1.0", "3.0"]);
  });
});
