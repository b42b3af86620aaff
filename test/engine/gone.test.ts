import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { slimImage, toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";

interface Kind {
  start: () => Promise<Archive>;
  version: { old: string; new: string };
  base: () => Promise<string>;
  recipe: (archive: Archive) => string;
  words: RegExp;
}

const KINDS: Record<string, Kind> = {
  apt: {
    start: startAptArchive,
    version: { old: "1.0", new: "2.0" },
    base: slimImage,
    recipe: (archive) => aptInstall(archive, "own-tool"),
    words:
      /^the locked recipe can't be rebuilt: apt could not repeat the locked installation: E: Package 'own-tool' has no installation candidate$/,
  },
  pip: {
    start: startPipIndex,
    version: { old: "1.0", new: "2.0" },
    base: toolsImage,
    // The first one shows that the index answers: pip says the same of a version that is gone and of an index that is.
    recipe: (archive) =>
      ["own-lib", "own-tool"]
        .map((name) => `/opt/venv/bin/pip install ${archive.sourceLine} ${name}`)
        .join(" && "),
    words:
      /^the locked recipe can't be rebuilt: pip could not repeat the locked installation: .*The user requested \(constraint\) own-tool==1\.0(;|$)/,
  },
  npm: {
    start: startNpmRegistry,
    version: { old: "1.0.0", new: "1.1.0" },
    base: toolsImage,
    recipe: (archive) =>
      `mkdir -p /site && cd /site && echo '{"dependencies":{"own-tool":"^1.0.0"}}' > package.json && npm install ${archive.sourceLine}`,
    words:
      /^the locked recipe can't be rebuilt: npm could not repeat the locked installation: npm error 404 Not Found - GET \S+\/own-tool-1\.0\.0\.tgz$/,
  },
};

for (const [kind, { start, version, base, recipe, words }] of Object.entries(KINDS)) {
  // How a build's log says that a step failed is the same for all kinds.
  const describeKind = kind === "apt" ? describeInLanes : describe;
  describeKind(`an ${kind} archive that no longer has what the lock names`, function () {
    this.timeout(600_000);
    let bench: Bench;
    let archive: Archive;

    before(async () => {
      const image = await base();
      bench = await makeBench();
      archive = await start();
      await archive.publish({ name: "own-lib", version: version.old });
      await archive.publish({ name: "own-tool", version: version.old });
      await bench.write("Dockerfile", `FROM ${image}\nRUN ${recipe(archive)}\n`);
    });
    after(async () => {
      await archive?.close();
      await bench?.dispose();
    });

    it("ends unverified, with the tool's own words as the reason", async () => {
      const first = await bench.build({ verify: "skip" });
      archive.withdraw("own-tool", version.old);
      await archive.publish({ name: "own-tool", version: version.new });
      // What an earlier attempt has left there must not be taken for this one's.
      await writeFile(bench.paths(first.timestamp).verifyLog, "#9 1.0 Connection refused\n");
      const { verified, drift, reason, timestamp, warnings } = await bench.build();
      assert.equal(timestamp, first.timestamp, "the build itself is not repeated");
      assert.match(reason ?? "", words);
      assert.equal(verified, "unverified");
      assert.deepEqual(drift, { changed: [], added: [], removed: [] });
      assert.ok(warnings[0]?.startsWith("unverified: "));
    });
  });
}

describe("an archive that can't be reached for the rebuild", function () {
  this.timeout(600_000);
  let bench: Bench;
  let archive: Archive;

  before(async () => {
    const image = await slimImage();
    bench = await makeBench();
    archive = await startAptArchive();
    await archive.publish({ name: "own-tool", version: "1.0" });
    await bench.write(
      "Dockerfile",
      `FROM ${image}\nRUN echo 'Acquire::Retries 0;' > /etc/apt/apt.conf.d/own && ${aptInstall(archive, "own-tool")}\n`,
    );
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  it("leaves the verdict unknown, with a reason and without a mark; it is not blamed on the recipe", async () => {
    let closing: Promise<void> | undefined;
    const { verified, reason, warnings, timestamp } = await bench.build({}, (step) => {
      if (step === "locked rebuild") closing = archive.close();
    });
    await closing;
    assert.equal(verified, "unknown");
    assert.match(reason ?? "", /^the rebuild proved nothing: docker build failed with exit code/);
    const { verifyLog } = bench.paths(timestamp);
    assert.ok(reason?.includes(relative(process.cwd(), verifyLog)), "the reason names the log");
    assert.match(await readFile(verifyLog, "utf8"), /Connection refused/);
    assert.match(warnings[0] ?? "", /^not verified: /);
    assert.deepEqual(
      (await bench.stored()).filter((name) => /verified$/.test(name)),
      [],
    );
    const again = await bench.build();
    assert.equal(again.timestamp, timestamp, "the build itself is kept");
    assert.deepEqual(again.steps, ["locked rebuild"], "and only the rebuild is tried again");
  });
});

describe("a recipe that removes in one RUN what the same RUN installed, and throws all output away", function () {
  this.timeout(120_000);
  let bench: Bench;
  let archive: Archive;

  before(async () => {
    const image = await slimImage();
    bench = await makeBench();
    archive = await startAptArchive();
    for (const name of ["own-tool", "own-moment"]) await archive.publish({ name, version: "1.0" });
    const install = aptInstall(archive, "own-tool", "own-moment");
    await bench.write(
      "Dockerfile",
      `FROM ${image}\nRUN exec > /dev/null 2>&1; ${install} && apt-get purge -y own-moment\n`,
    );
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  it("is neither verified nor blamed", async () => {
    const { verified, reason } = await bench.build();
    assert.equal(verified, "unknown");
    assert.match(
      reason ?? "",
      /^the rebuild proved nothing: docker build failed with exit code 1; its log is /,
    );
  });
});
