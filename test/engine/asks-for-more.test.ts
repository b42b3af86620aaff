import assert from "node:assert/strict";
import type { Suite } from "mocha";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../support/archive";
import { startFileHost, type FileHost } from "../support/file-host";
import { startNpmRegistry, type NpmSpec } from "../support/npm-registry";
import { startPipIndex, type PipSpec } from "../support/pip-index";
import { tarGz } from "../support/tar-gz";
import { buildWheel } from "../support/wheel";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeInLanes } from "./support/lanes";

const PIP = "/opt/venv/bin/pip install --retries 0";
const WHEEL = "own_foo-1.0-py3-none-any.whl";

describeInLanes(
  "a project that keeps its version and asks for more than the lock has",
  function (this: Suite, beside: boolean) {
    this.timeout(600_000);
    let image: string;
    let bench: Bench;
    let host: FileHost;
    let npm: Archive<NpmSpec>;
    let pip: Archive<PipSpec>;

    before(async () => {
      image = await toolsImage();
      [host, npm, pip] = await Promise.all([startFileHost(), startNpmRegistry(), startPipIndex()]);
      await npm.publish({ name: "own-left", version: "1.0.0" });
      await pip.publish({ name: "own-rich", version: "1.0.0" });
    });
    after(() => Promise.all([host, npm, pip].map((archive) => archive?.close())));
    let published: (() => void)[] = [];
    beforeEach(async () => {
      bench = await makeBench();
      await mkdir(join(bench.directory, "served"));
      host.serve(join(bench.directory, "served"));
    });
    afterEach(async () => {
      for (const archive of [npm, pip]) archive.answerWith(null);
      for (const withdraw of published) withdraw();
      published = [];
      await bench.dispose();
    });

    const serve = (name: string, bytes: Buffer | string): Promise<void> =>
      writeFile(join(bench.directory, "served", name), bytes);
    const packed = (dependencies: Record<string, string>): Promise<Buffer> => {
      const content = JSON.stringify({ name: "own-top", version: "1.0.0", dependencies });
      return tarGz([{ path: "package/package.json", content }]);
    };
    const wheel = (...depends: string[]): Buffer => buildWheel({ name: "own-foo", version: "1.0", depends });

    /** Builds, lets the world change, rebuilds. */
    async function rebuilt(runs: string[], change: () => unknown): Promise<Outcome & { why: string }> {
      await bench.write("Dockerfile", [`FROM ${image}`, ...runs.map((run) => `RUN ${run}`), ""].join("\n"));
      await bench.build({ verify: "skip" });
      await change();
      const outcome = await bench.build();
      return { ...outcome, why: outcome.reason ?? "" };
    }
    const newer = async (): Promise<void> => {
      await npm.publish({ name: "own-left", version: "1.0.1" });
      await pip.publish({ name: "own-rich", version: "1.0.1" });
      published.push(
        () => npm.withdraw("own-left", "1.0.1"),
        () => pip.withdraw("own-rich", "1.0.1"),
      );
    };
    const installTarball = (): string =>
      `curl -fsSO ${host.url}/top.tgz && npm install -g --fetch-retries 0 ${npm.sourceLine} ./top.tgz && rm top.tgz`;
    const installWheel = (): string =>
      `curl -fsSO ${host.url}/${WHEEL} && ${PIP} ${pip.sourceLine} ./${WHEEL}`;

    it("is drift by line and names where npm installs its tarball", async () => {
      await serve("top.tgz", await packed({ "own-left": ">=1.0.0" }));
      const { verified, drift, why } = await rebuilt(["true", installTarball()], async () => {
        await newer();
        await serve("top.tgz", await packed({ "own-left": ">=1.0.1" }));
      });
      assert.equal(verified, "unverified", why);
      assert.match(why, /^the locked recipe can't be rebuilt, because of line 3 of the recipe \(RUN curl /);
      assert.ok(why.endsWith(": npm is to install own-left >=1.0.1, and the lock has own-left 1.0.0"), why);
      assert.deepEqual(drift, {
        changed: [{ name: "npm:own-left", from: "1.0.0", to: "1.0.1" }],
        added: [],
        removed: [],
      });
    });

    for (const quiet of beside ? [" -q"] : ["", " -q"]) {
      it(`is drift by line and names where pip${quiet} installs its wheel`, async () => {
        await serve(WHEEL, wheel("own-rich>=1.0.0"));
        const { verified, drift, why } = await rebuilt(["true", `${installWheel()}${quiet}`], async () => {
          await newer();
          await serve(WHEEL, wheel("own-rich>=1.0.1"));
        });
        assert.equal(verified, "unverified", why);
        assert.match(why, /^the locked recipe can't be rebuilt, because of line 3 of the recipe \(RUN curl /);
        const said =
          quiet === ""
            ? "own-foo 1.0 depends on own-rich>=1.0.1, and the lock has own-rich 1.0.0"
            : "pip says that the locked versions do not go together: ERROR: Cannot install own-foo==1.0 ";
        assert.ok(why.includes(`): ${said}`), why);
        assert.deepEqual(
          drift.changed.filter(({ name }) => name === "pip:own-rich"),
          [{ name: "pip:own-rich", from: "1.0.0", to: "1.0.1" }],
        );
      });
    }

    if (beside) return;

    it("is drift likewise where it asks for a package that the lock lacks", async () => {
      await serve("top.tgz", await packed({}));
      const { verified, drift, why } = await rebuilt(["true", installTarball()], async () => {
        await newer();
        await serve("top.tgz", await packed({ "own-left": ">=1.0.1" }));
      });
      assert.equal(verified, "unverified", why);
      assert.ok(why.endsWith(": npm is to install own-left >=1.0.1, which the lock does not have"), why);
      assert.deepEqual(drift.added, [{ name: "npm:own-left", version: "1.0.1" }]);
    });

    it("is drift likewise where npm ci gets another package.json than the lock file is for", async () => {
      const project = (range: string): string =>
        JSON.stringify({ name: "site", version: "1.0.0", dependencies: { "own-left": range } });
      const locked = (range: string, version: string): string =>
        JSON.stringify({
          name: "site",
          version: "1.0.0",
          lockfileVersion: 3,
          packages: {
            "": { name: "site", version: "1.0.0", dependencies: { "own-left": range } },
            "node_modules/own-left": {
              version,
              resolved: `${npm.url}/own-left/-/own-left-${version}.tgz`,
            },
          },
        });
      const publish = async (range: string, version: string): Promise<void> => {
        await serve("package.json", project(range));
        await serve("package-lock.json", locked(range, version));
      };
      await publish(">=1.0.0", "1.0.0");
      const fetched = `mkdir /site && cd /site && curl -fsSO ${host.url}/package.json -O ${host.url}/package-lock.json`;
      const { verified, drift, why } = await rebuilt(
        [fetched, `cd /site && npm ci ${npm.sourceLine}`],
        async () => {
          await newer();
          await publish(">=1.0.1", "1.0.1");
        },
      );
      assert.equal(verified, "unverified", why);
      assert.match(why, /because of line 3 of the recipe \(RUN cd \/site/);
      assert.ok(why.endsWith(": npm is to install own-left >=1.0.1, and the lock has own-left 1.0.0"), why);
      assert.deepEqual(drift.changed, [{ name: "npm:own-left", from: "1.0.0", to: "1.0.1" }]);
    });

    it("proves nothing where npm's registry is out of order", async () => {
      await serve("top.tgz", await packed({ "own-left": ">=1.0.0" }));
      const { verified, why } = await rebuilt([installTarball()], async () => {
        await serve("top.tgz", await packed({ "own-left": ">=1.0.1" }));
        npm.answerWith(503);
      });
      assert.equal(verified, "unknown", why);
    });

    it("is unverified where pip's index answers, and has no version that is enough", async () => {
      await serve(WHEEL, wheel("own-rich>=1.0.0"));
      const { verified, why } = await rebuilt([installWheel()], () => serve(WHEEL, wheel("own-rich>=1.0.1")));
      assert.equal(verified, "unverified", why);
      assert.match(why, /own-rich/);
    });

    it("proves nothing where pip's index is out of order", async () => {
      await serve(WHEEL, wheel("own-rich>=1.0.0"));
      const { verified, why } = await rebuilt([installWheel()], async () => {
        await serve(WHEEL, wheel("own-rich>=1.0.1"));
        pip.answerWith(500);
      });
      assert.equal(verified, "unknown", why);
    });
  },
);
