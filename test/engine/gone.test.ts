import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { describeInLanes } from "./support/lanes";
import { aptInstall } from "./support/recipes";

// The words of pip and npm, and of both generations of BuildKit: test/unit/build/roundtrip/rebuild-failure.test.ts.
describeInLanes("an archive that no longer has what the lock names", function () {
  this.timeout(600_000);
  let bench: Bench;
  let archive: Archive;

  before(async () => {
    bench = await makeBench();
    archive = await startAptArchive();
    await archive.publish({ name: "own-tool", version: "1.0" });
    await bench.write("Dockerfile", `FROM ${await slimImage()}\nRUN ${aptInstall(archive, "own-tool")}\n`);
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  it("ends unverified, with the tool's own words as the reason", async () => {
    const first = await bench.build({ verify: "skip" });
    archive.withdraw("own-tool", "1.0");
    await archive.publish({ name: "own-tool", version: "2.0" });
    // What an earlier attempt has left there must not be taken for this one's.
    await writeFile(bench.paths(first.timestamp).verifyLog, "#9 1.0 Connection refused\n");
    const { verified, drift, reason, timestamp, warnings } = await bench.build();
    assert.equal(timestamp, first.timestamp, "the build itself is not repeated");
    const words = "E: Package 'own-tool' has no installation candidate";
    assert.match(
      reason ?? "",
      /^the locked recipe can't be rebuilt, because of line 2 of the recipe \(RUN echo /,
    );
    assert.ok(reason?.endsWith(`): apt could not repeat the locked installation: ${words}`), reason ?? "");
    assert.equal(verified, "unverified");
    assert.deepEqual(drift, { changed: [], added: [], removed: [] });
    assert.ok(warnings[0]?.startsWith("unverified: "));
  });
});

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
    assert.match(
      reason ?? "",
      /^the rebuild proved nothing: line 2 of the recipe \(RUN .*\) ended with exit code 100 /,
    );
    assert.match(
      reason ?? "",
      /; an archive of apt was out of order: .*; so nothing is proven about the recipe/,
    );
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
      /^the rebuild proved nothing: line 2 of the recipe \(RUN exec .*\) ended with exit code \d+, in the rebuild only; /,
    );
  });
});
