import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startFileHost, type FileHost } from "../support/file-host";
import { startNpmRegistry } from "../support/npm-registry";
import type { Archive } from "../support/archive";
import { startPipIndex } from "../support/pip-index";
import { tarGz } from "../support/tar-gz";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { describeInLongLanes } from "./support/lanes";

const PIP = "/opt/venv/bin/pip install --retries 0";

describeInLongLanes("a command that fails in the rebuild alone", function () {
  this.timeout(600_000);
  let bench: Bench;
  let pip: Archive;
  let host: FileHost;

  before(async () => {
    const image = await toolsImage();
    bench = await makeBench();
    [pip, host] = await Promise.all([startPipIndex(), startFileHost()]);
    await pip.publish({ name: "own-tool", version: "1.0" });
    const served = join(bench.directory, "served");
    await mkdir(served);
    host.serve(served);
    await writeFile(join(served, "code"), "0");
    await bench.write(
      "Dockerfile",
      [
        `FROM ${image} AS early`,
        "RUN true",
        `FROM ${image}`,
        `RUN ${PIP} ${pip.sourceLine} own-tool`,
        "WORKDIR /work",
        "# A comment.",
        "RUN true && \\",
        `  echo asked && exit "$(curl -fsS ${host.url}/code)"`,
        "",
      ].join("\n"),
    );
  });
  after(async () => {
    await Promise.all([pip?.close(), host?.close()]);
    await bench?.dispose();
  });

  it("is quoted as the recipe has it, with the recipe's own line, its last output and what that proves", async () => {
    const first = await bench.build({ verify: "skip" });
    await writeFile(join(bench.directory, "served", "code"), "7");
    const { verified, reason } = await bench.build();
    assert.ok(verified === "unknown" && reason !== null, verified);
    const command = `RUN true && echo asked && exit "$(curl -fsS ${host.url}/code)"`;
    const said = `line 7 of the recipe (${command}) ended with exit code 7 and printed last: asked`;
    assert.ok(reason.startsWith(`the rebuild proved nothing: ${said}, in the rebuild only; `), reason);
    assert.ok(reason.includes("nothing that it printed shows that a locked package is gone"), reason);
    assert.ok(reason.includes(`${first.timestamp}.verify.log`) && !reason.includes("--mount"), reason);
  });

  it("is quoted likewise where the first build fails", async () => {
    await assert.rejects(bench.build({ force: "again" }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        /^docker build failed: line 7 of the recipe \(RUN true && echo asked .*\) ended with exit code 7; /,
      );
      assert.match(error.message, /\.build\.log, and ends:\nasked$/);
      return true;
    });
  });
});

/** Prints the logs of rebuilds: why a judgement came out as it did stands only there. */
async function showLogs(bench: Bench): Promise<void> {
  for (const file of await bench.stored())
    if (file.endsWith(".verify.log")) console.log(await readFile(join(bench.root, bench.name, file), "utf8"));
}

/** A source tree that pip builds without any other package. */
async function sourceTree(version: string): Promise<Buffer> {
  const backend = `import os, zipfile
FILES = {"METADATA": "Metadata-Version: 2.1\\nName: own-foo\\nVersion: ${version}\\n",
  "WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n", "RECORD": ""}
def build_wheel(folder, settings=None, metadata=None):
  with zipfile.ZipFile(os.path.join(folder, "own_foo-${version}-py3-none-any.whl"), "w") as wheel:
    for name, text in FILES.items():
      wheel.writestr("own_foo-${version}.dist-info/" + name, text)
  return "own_foo-${version}-py3-none-any.whl"
`;
  const project = `[project]\nname = "own-foo"\nversion = "${version}"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n`;
  return await tarGz([
    { path: "own-foo/pyproject.toml", content: project },
    { path: "own-foo/backend.py", content: backend },
  ]);
}

describe("a package that the rebuild can't get", function () {
  this.timeout(600_000);
  let image: string;
  let bench: Bench;
  let archives: { close(): Promise<void> }[] = [];

  before(async () => {
    image = await toolsImage();
  });
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await showLogs(bench);
    await Promise.all(archives.map((archive) => archive.close()));
    await bench.dispose();
  });

  /** Builds, lets the world change, rebuilds. */
  async function rebuilt(runs: string[], change: () => unknown): Promise<Outcome & { why: string }> {
    await bench.write("Dockerfile", [`FROM ${image}`, ...runs.map((run) => `RUN ${run}`), ""].join("\n"));
    await bench.build({ verify: "skip" });
    await change();
    const outcome = await bench.build();
    return { ...outcome, why: outcome.reason ?? "" };
  }

  it("was withdrawn from pip's index, which answers: unverified", async () => {
    const pip = await startPipIndex();
    archives = [pip];
    await pip.publish({ name: "own-tool", version: "1.0" });
    const { verified, why } = await rebuilt([`${PIP} ${pip.sourceLine} own-tool`], async () => {
      pip.withdraw("own-tool", "1.0");
      await pip.publish({ name: "own-tool", version: "2.0" });
    });
    assert.equal(verified, "unverified", why);
    assert.match(why, /^the locked recipe can't be rebuilt, because of line 2 of the recipe \(RUN \/opt/);
    const page = `${pip.url}/simple/own-tool/`;
    assert.ok(
      why.endsWith(`: pip can't get own-tool 1.0: ${page} answered, and does not have it (it has 2.0)`),
      why,
    );
  });

  for (const [claim, extra] of [
    ["is in an index of pip that is out of order", false],
    ["may be in pip's second index, which is out of order; the first one answers", true],
  ] as const) {
    it(`${claim}, although another index was read in the same build: unknown`, async () => {
      const [sound, broken] = await Promise.all([startPipIndex(), startPipIndex()]);
      archives = [sound, broken];
      await sound.publish({ name: "own-other", version: "1.0" });
      if (extra) await sound.publish({ name: "own-tool", version: "2.0" });
      await broken.publish({ name: "own-tool", version: "1.0" });
      const options = extra
        ? `${sound.sourceLine} --extra-index-url ${broken.url}/simple/ --trusted-host ${new URL(broken.url).hostname}`
        : broken.sourceLine;
      const runs = [`${PIP} ${sound.sourceLine} own-other`, `${PIP} ${options} own-tool==1.0`];
      const { verified, why } = await rebuilt(runs, () => broken.answerWith(500));
      assert.equal(verified, "unknown", why);
      assert.match(
        why,
        /^the rebuild proved nothing: line 3 of the recipe \(RUN \/opt.*\) ended with exit code 1/,
      );
      assert.match(
        why,
        /; the index that pip asked for own-tool 1\.0 did not answer: .*; so nothing is proven about the recipe/,
      );
    });
  }

  for (const source of ["/src/own-foo", "URL"]) {
    it(`is built from a source that has a new version (${source}): unverified`, async () => {
      const host = await startFileHost();
      archives = [host];
      const served = join(bench.directory, "served");
      await mkdir(served);
      host.serve(served);
      const publish = async (version: string): Promise<void> =>
        writeFile(join(served, "own-foo.tar.gz"), await sourceTree(version));
      await publish("1.0");
      const url = `${host.url}/own-foo.tar.gz`;
      const fetched = `mkdir /src && curl -fsS ${url} | tar -xz -C /src`;
      const run =
        source === "URL"
          ? `${PIP} --trusted-host ${new URL(url).hostname} ${url}`
          : `${fetched} && ${PIP} ${source}`;
      const { verified, why } = await rebuilt(["true", run], () => publish("2.0"));
      assert.equal(verified, "unverified", why);
      const from = source === "URL" ? url : source;
      assert.ok(
        why.startsWith("the locked recipe can't be rebuilt, because of line 3 of the recipe (RUN ") &&
          why.endsWith(`: pip is to install own-foo 2.0 from ${from}, and the lock has own-foo 1.0`),
        why,
      );
    });
  }

  for (const [claim, change, state, words] of [
    ["was withdrawn from npm's registry", null, "unverified", /: npm could not repeat .* own-cli$/],
    [
      "is in a registry of npm that is out of order",
      503,
      "unknown",
      /; npm's registry was out of order: npm error code E503/,
    ],
  ] as const) {
    it(`${claim}: ${state}`, async () => {
      const npm = await startNpmRegistry();
      archives = [npm];
      await npm.publish({ name: "own-cli", version: "1.0.0" });
      const install = `echo 'connect ECONNREFUSED 127.0.0.1:9'; npm install -g --fetch-retries=0 ${npm.sourceLine} own-cli`;
      const { verified, why } = await rebuilt([install], async () => {
        npm.answerWith(change);
        if (change !== null) return;
        npm.withdraw("own-cli", "1.0.0");
        await npm.publish({ name: "own-cli", version: "1.1.0" });
      });
      assert.equal(verified, state, why);
      assert.match(why, words);
    });
  }
});
