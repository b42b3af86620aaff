import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { VerifyError } from "../../provider/base/errors/verify-error";
import type { Drift } from "../../provider/packages/lock/types";
import type { ImageOutputs } from "../../provider/build/roundtrip/image-outputs";
import { startAptArchive } from "../support/apt-archive";
import type { Archive } from "../support/archive";
import { docker } from "../support/docker";
import { slimImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { aptInstall, dpkgStatus } from "./support/recipes";
import { versionsIn } from "./support/versions-in";

// With a builder beside the engine: builder-beside.test.ts.
describe("a recipe of several stages", function () {
  this.timeout(120_000);
  let bench: Bench;
  let archive: Archive;
  let outcome: Outcome;

  before(async () => {
    const slim = await slimImage();
    bench = await makeBench();
    archive = await startAptArchive();
    for (const name of ["own-maker", "own-helper", "own-runtime"]) {
      await archive.publish({ name, version: "1.0" });
      archive.onceDownloaded(name, async () => void (await archive.publish({ name, version: "2.0" })));
    }
    await bench.write(
      "Dockerfile",
      `ARG BASE=${slim}
FROM $BASE
RUN ${aptInstall(archive, "own-helper")} && mkdir /out && echo helped > /out/helper
FROM $BASE AS Maker
RUN ${aptInstall(archive, "own-maker")} && mkdir /out && echo made > /out/maker
FROM $BASE
RUN ${aptInstall(archive, "own-runtime")}
COPY --from=0 /out /first
COPY --from=maker /out /second
RUN --mount=type=bind,from=maker,source=/out,target=/mnt cat /mnt/maker > /third
USER 1000:1000
ENTRYPOINT ["/does/not/exist"]
FROM $BASE AS never
RUN exit 1
`,
    );
    outcome = await bench.build({ target: "2" });
  });
  after(async () => {
    await archive?.close();
    await bench?.dispose();
  });

  it("is verified, with a target given by number, and the pins reached every stage", () => {
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    const files = archive.requests.map(({ path }) => path).filter((path) => path.endsWith(".deb"));
    assert.ok(files.length >= 6, "each package was downloaded for the build and for the rebuild");
    assert.ok(files.every((file) => file.endsWith("_1.0_all.deb")));
  });

  it("has the packages of earlier stages in the lock, under their stage's name or number", async () => {
    const versions = versionsIn(await bench.lock(outcome));
    const own = Object.entries(versions).filter(([name]) => name.includes(":own-"));
    assert.deepEqual(Object.fromEntries(own), {
      "dpkg:own-helper [stage 0]": "1.0",
      "dpkg:own-maker [stage maker]": "1.0",
      "dpkg:own-runtime": "1.0",
    });
    const staged = (await bench.lock(outcome)).packages.filter(({ stage }) => stage !== undefined);
    assert.equal(staged.length, 2, "what the result has as well is not repeated for a stage");
    assert.equal(outcome.packages.dpkg, Object.keys(versions).length - 2);
  });

  it("gives the image that the recipe alone describes", async () => {
    const run = ["run", "--rm", "--network", "none", "--entrypoint", "cat", outcome.reference];
    const files = ["/first/helper", "/second/maker", "/third"];
    assert.equal(await docker([...run, ...files]), "helped\nmade\nmade");
    const format = "{{json .Config.User}} {{json .Config.Entrypoint}}";
    const config = await docker(["image", "inspect", "--format", format, outcome.reference]);
    assert.equal(config, '"1000:1000" ["/does/not/exist"]');
  });

  it("notices drift in a stage that the result does not come from, and names the stage", async () => {
    const text = await readFile(`${bench.context}/Dockerfile`, "utf8");
    await archive.publish({ name: "own-late", version: "1.0" });
    archive.onceDownloaded("own-late", async () => {
      await archive.publish({ name: "own-late", version: "2.0" });
    });
    const [head = "", tail = ""] = text.split("own-maker && mkdir");
    const late = "own-maker && env -u APT_CONFIG apt-get install -y -qq own-late && mkdir";
    await bench.write("Dockerfile", head + late + tail);
    const { verified, drift, warnings } = await bench.build({ target: "2" });
    assert.equal(verified, "unverified");
    const changed = [{ name: "dpkg:own-late [stage maker]", from: "1.0", to: "2.0" }];
    assert.deepEqual(drift, { changed, added: [], removed: [] });
    assert.ok(warnings[0]?.includes("changed dpkg:own-late [stage maker] 1.0 -> 2.0"));
  });
});

describe("a recipe whose result has no package", function () {
  this.timeout(120_000);
  let bench: Bench;
  before(async () => (bench = await makeBench()));
  after(() => bench?.dispose());

  it("is compared by its files, and says so", async () => {
    await bench.write("app", "one");
    await bench.write(
      "Dockerfile",
      "FROM scratch AS files\nCOPY app /app\nCOPY app /more/app\nFROM scratch AS other\n",
    );
    const outcome = await bench.build({ target: "Files" });
    assert.equal(outcome.verified, "verified");
    assert.deepEqual(outcome.packages, { file: 2 });
    assert.deepEqual(
      (await bench.lock(outcome)).packages.map(({ name }) => name),
      ["/app", "/more/app"],
    );
    const mark = await readFile(bench.paths(outcome.timestamp).verified, "utf8");
    assert.match(mark, /no packages in the image: its files were compared/);
  });

  it("fails under requireVerified when a file differs, by the file's name", async () => {
    const slim = await slimImage();
    await bench.write(
      "Dockerfile",
      `FROM ${slim} AS maker\nRUN mkdir /out && echo same > /out/same && date +%N > /out/stamp && chmod 0600 /out/stamp
FROM scratch\nCOPY --from=maker /out /out\n`,
    );
    let drift: Drift = { changed: [], added: [], removed: [] };
    await assert.rejects(bench.build({ requireVerified: true }), (error: unknown) => {
      assert.ok(error instanceof VerifyError);
      assert.match(
        error.message,
        /^\S+ is not verified: changed file:\/out\/stamp sha256:\w+ mode 600 -> .*$/,
      );
      drift = (error.evidence as ImageOutputs).drift;
      return true;
    });
    assert.ok(
      (await bench.stored()).some((name) => name.endsWith(".unverified")),
      "the evidence stays",
    );
    assert.deepEqual([drift.added, drift.removed, drift.changed.length], [[], [], 1]);
    const { name, from, to } = drift.changed[0] ?? { name: "", from: "", to: "" };
    assert.equal(name, "file:/out/stamp");
    for (const version of [from, to]) assert.match(version, /^sha256:[0-9a-f]{64} mode 600$/);
  });

  it("is not run to be looked at: neither a missing command nor a hostile one matters", async () => {
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write(
      "Dockerfile",
      'FROM scratch\nCOPY status /var/lib/dpkg/status\nUSER 4711\nWORKDIR /none\nENTRYPOINT ["/does/not/exist"]\nHEALTHCHECK CMD false\n',
    );
    const { verified, packages } = await bench.build();
    assert.deepEqual({ verified, packages }, { verified: "verified", packages: { dpkg: 1 } });
  });
});
