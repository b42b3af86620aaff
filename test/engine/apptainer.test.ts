import assert from "node:assert/strict";
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkVerified } from "../../provider/build/functions/check-verified";
import { captureSif } from "../../provider/engines/apptainer/read-sif";
import { describeWithApptainer } from "../support/apptainer";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { docker } from "../support/docker";
import { startNpmRegistry } from "../support/npm-registry";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { quietly } from "./support/quietly";
import { aptInstall } from "./support/recipes";

/** A context with an archive of an image that has apt, pip and npm, and archives to install from. */
interface Place {
  bench: Bench;
  apt: Archive;
  pip: Archive;
  npm: Archive;
  dispose(): Promise<void>;
}

async function makePlace(): Promise<Place> {
  const tools = await toolsImage();
  const bench = await makeBench();
  const [apt, pip, npm] = await Promise.all([startAptArchive(), startPipIndex(), startNpmRegistry()]);
  await apt.publish({ name: "own-lib", version: "1.0" });
  await apt.publish({ name: "own-tool", version: "1.0", depends: ["own-lib"] });
  await pip.publish({ name: "own-lib", version: "1.0" });
  await pip.publish({ name: "own-tool", version: "1.0", depends: ["own-lib>=1.0"] });
  await npm.publish({ name: "own-cli", version: "1.0.0" });
  await docker(["save", "-o", join(bench.context, "base.tar"), tools]);
  return {
    ...{ bench, apt, pip, npm },
    async dispose() {
      await Promise.all([apt, pip, npm].map((archive) => archive.close()));
      await bench.dispose();
    },
  };
}

/** Makes newer versions of everything appear once the first ones were downloaded. */
function renewOnceDownloaded({ apt, pip, npm }: Place): { fired: boolean }[] {
  return [
    apt.onceDownloaded("own-tool", async () => {
      await apt.publish({ name: "own-lib", version: "1.1" });
      await apt.publish({ name: "own-tool", version: "2.0", depends: ["own-lib"] } as never);
    }),
    pip.onceDownloaded("own-lib", async () => {
      await pip.publish({ name: "own-lib", version: "1.1" });
      await pip.publish({ name: "own-tool", version: "2.0", depends: ["own-lib>=1.0"] } as never);
    }),
    npm.onceDownloaded("own-cli", async () => {
      await npm.publish({ name: "own-cli", version: "1.1.0" });
    }),
  ];
}

const HEADER = "Bootstrap: docker-archive\nFrom: base.tar\n";

/** What this process has left of builds in the temporary folder. */
const leftFolders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("verified-images-sif."));

describeWithApptainer("the round trip of an Apptainer definition", function () {
  this.timeout(600_000);

  describe("whose packages have newer versions meanwhile", () => {
    let place: Place;
    let outcome: Outcome;
    let hooks: { fired: boolean }[];
    const revision = "0123456789abcdef0123456789abcdef01234567";

    before(async () => {
      place = await makePlace();
      hooks = renewOnceDownloaded(place);
      const { bench, apt, pip, npm } = place;
      await bench.write("payload.txt", "payload\n");
      await bench.write(
        "tool.def",
        `${HEADER}
%files
    payload.txt /opt/payload.txt

%post
    ${aptInstall(apt, "own-tool")}
    echo "$GIT_SHA" > /opt/revision
%post
    /opt/venv/bin/pip install ${pip.sourceLine} own-tool
    npm install -g ${npm.sourceLine} own-cli
    touch /tmp/left-by-post

%labels
    Maker tests

%test
    test -f /opt/payload.txt
`,
      );
      outcome = await bench.build({ recipe: join(bench.context, "tool.def"), revision });
    });
    after(() => place.dispose());

    it("is verified: the pins of apt, pip and npm hold in the rebuild", () => {
      assert.deepEqual(outcome.drift, { changed: [], added: [], removed: [] });
      assert.equal(outcome.verified, "verified", outcome.reason ?? "");
      assert.deepEqual(outcome.unpinned, []);
      assert.ok(hooks.every(({ fired }) => fired));
      assert.deepEqual(outcome.steps, [
        "build",
        "capture",
        "lock",
        "locked rebuild",
        "capture of the rebuild",
        "compare",
      ]);
    });

    it("has a lock of what was installed, with the hashes of the packages that apt unpacked", async () => {
      const { packages, bases } = await place.bench.lock(outcome);
      const found = packages.filter(({ name }) => name.startsWith("own-"));
      assert.deepEqual(
        found.map(({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`).sort(),
        ["dpkg own-lib 1.0", "dpkg own-tool 1.0", "npm own-cli 1.0.0", "pip own-lib 1.0", "pip own-tool 1.0"],
      );
      for (const item of found.filter(({ ecosystem }) => ecosystem === "dpkg"))
        assert.match(item.hash ?? "", /^sha256:[0-9a-f]{64}$/);
      assert.deepEqual(
        bases.map(({ reference }) => reference),
        ["base.tar"],
      );
    });

    it("leaves one SIF, with the links and files of the store, and no other file", async () => {
      const { timestamp } = outcome;
      const stem = `${place.bench.name}-${timestamp}`;
      assert.deepEqual(await place.bench.stored(), [
        ...[`${stem}.build.json`, `${stem}.build.log`, `${stem}.def`, `${stem}.lock`, `${stem}.pins`],
        ...[`${stem}.rough.def`, `${stem}.sif`, `${stem}.verified`, `${stem}.verify.log`, "latest"],
      ]);
      const paths = place.bench.paths(timestamp);
      assert.equal(readlinkSync(paths.latest), `${stem}.sif`);
      assert.ok(outcome.reference.endsWith(`/${place.bench.name}/${stem}.sif`));
      assert.deepEqual(await leftFolders(), []);
      assert.equal(existsSync(join(tmpdir(), "left-by-post")), false);
    });

    it("keeps the recipe's own text, and adds pins in a prologue only", () => {
      const { rough = "", locked = "" } = {
        rough: readFileSync(place.bench.paths(outcome.timestamp).roughDefinition, "utf8"),
        locked: readFileSync(place.bench.paths(outcome.timestamp).lockedDefinition, "utf8"),
      };
      const lines = rough.split("\n");
      const kept = locked.split("\n").filter((line) => lines.includes(line));
      assert.equal(kept.join("\n"), rough);
      assert.match(locked, /export PIP_CONSTRAINT=/);
    });

    it("stamps the revision on the image, and gives it to %post", async () => {
      const { sif } = place.bench.paths(outcome.timestamp);
      const text = readFileSync(sif).toString("latin1");
      assert.ok(text.includes(`org.opencontainers.image.revision ${revision}`));
      const capture = await captureSif(sif);
      assert.ok(capture.packages.length > 50);
    });

    it("is skipped when nothing has changed", async () => {
      const { bench } = place;
      const again = await bench.build({ recipe: join(bench.context, "tool.def"), revision });
      assert.deepEqual(again.steps, []);
      assert.equal(again.timestamp, outcome.timestamp);
      assert.equal(again.verified, "verified");
    });

    it("is known by its path, also through latest, as long as it is the image that was built", async () => {
      const { bench } = place;
      const { sif, latest } = bench.paths(outcome.timestamp);
      for (const artifact of [sif, latest]) {
        const { state } = await checkVerified(artifact, { root: bench.root });
        assert.equal(state, "verified");
      }
    });
  });

  describe("that goes past the pins", () => {
    let place: Place;
    let outcome: Outcome;

    before(async () => {
      place = await makePlace();
      renewOnceDownloaded(place);
      const { bench, apt, pip } = place;
      await bench.write(
        "loose.def",
        `${HEADER}
%post
    ${aptInstall(apt, "own-tool")}
    env -u PIP_CONSTRAINT /opt/venv/bin/pip install ${pip.sourceLine} own-tool
`,
      );
      outcome = await bench.build({ recipe: join(bench.context, "loose.def") });
    });
    after(() => place.dispose());

    it("is unverified, and each package that differs is named", () => {
      assert.equal(outcome.verified, "unverified");
      assert.deepEqual(outcome.drift, {
        changed: [
          { name: "pip:own-lib", from: "1.0", to: "1.1" },
          { name: "pip:own-tool", from: "1.0", to: "2.0" },
        ],
        added: [],
        removed: [],
      });
    });

    it("is refused by a strict check of its path", async () => {
      const { bench } = place;
      const { latest } = bench.paths(outcome.timestamp);
      const strict = quietly(() => checkVerified(latest, { root: bench.root, requireVerified: true }));
      await assert.rejects(strict, { code: "not-verified", message: /pip:own-lib/ });
    });
  });
});
