import assert from "node:assert/strict";
import { copyFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageRevision } from "../../provider/build/functions/on-call";
import { verifyRoundTrip } from "../../provider/build/functions/verify-round-trip";
import { run } from "../../provider/base/process/run";
import { findApptainer } from "../../provider/engines/apptainer/find";
import { captureSif } from "../../provider/engines/apptainer/read-sif";
import { BuildFailedError } from "../../provider/engines/errors";
import { describeWithApptainer } from "../support/apptainer";
import { docker } from "../support/docker";
import { shellImage } from "./support/base-images";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { quietly } from "./support/quietly";
import { dpkgStatus } from "./support/recipes";

const SCRATCH = "Bootstrap: scratch\n%files\n    status /var/lib/dpkg/status\n";

describeWithApptainer("an Apptainer definition of a small image", function () {
  this.timeout(300_000);
  let bench: Bench;
  const recipe = (): string => join(bench.context, "small.def");
  const build = (inputs: Parameters<Bench["build"]>[0] = {}): Promise<Outcome> =>
    bench.build({ recipe: recipe(), ...inputs });

  beforeEach(async () => {
    bench = await makeBench();
    await bench.write("status", dpkgStatus({ one: "1.0" }));
    await bench.write("small.def", SCRATCH);
  });
  afterEach(() => bench.dispose());

  it("is built again when its context or its revision changes, and old builds are pruned", async () => {
    const first = await build({ retain: 1 });
    assert.equal(first.verified, "verified", first.reason ?? "");
    await bench.write("status", dpkgStatus({ one: "2.0" }));
    const second = await build({ retain: 1 });
    const third = await build({ retain: 1, revision: "0".repeat(40) });
    assert.equal(new Set([first, second, third].map(({ timestamp }) => timestamp)).size, 3);
    const images = (await bench.stored()).filter((name) => name.endsWith(".sif"));
    assert.deepEqual(images, [`${bench.name}-${third.timestamp}.sif`]);
  });

  it("is compared by its files where it has no packages", async () => {
    await bench.write("small.def", "Bootstrap: scratch\n%files\n    status /file\n");
    const outcome = await build();
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    assert.ok((outcome.packages.file ?? 0) > 0);
  });

  it("that builds on another SIF proves nothing once that has changed", async () => {
    const base = await build();
    await copyFile(bench.paths(base.timestamp).sif, join(bench.context, "base.sif"));
    await bench.write("small.def", "Bootstrap: localimage\nFrom: base.sif\n%environment\n    export A=b\n");
    const outcome = await build();
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    assert.deepEqual(outcome.packages, { dpkg: 1 });
    await writeFile(join(bench.context, "base.sif"), "another");
    const again = quietly(() => verifyRoundTrip(bench.name, bench.root, outcome.timestamp));
    await assert.rejects(again, { code: "context-changed" });
  });

  it("has its own revision also where what it builds on is stamped with another one", async () => {
    const base = await build({ revision: "a1".repeat(20) });
    await copyFile(bench.paths(base.timestamp).sif, join(bench.context, "base.sif"));
    await bench.write("small.def", "Bootstrap: localimage\nFrom: base.sif\n%environment\n    export A=b\n");
    const own = await build({ revision: "b2".repeat(20) });
    assert.equal(await imageRevision(bench.paths(own.timestamp).sif), "b2".repeat(20));
    assert.equal(await imageRevision(join(bench.context, "base.sif")), "a1".repeat(20));
    assert.equal(await imageRevision(join(bench.context, "small.def")), "");
  });

  it("whose %post fails leaves its log and nothing else", async () => {
    await docker(["save", "-o", join(bench.context, "base.tar"), await shellImage()]);
    await bench.write("small.def", "Bootstrap: docker-archive\nFrom: base.tar\n%post\n    cat /nowhere\n");
    await assert.rejects(build(), (error: unknown) => {
      assert.ok(error instanceof BuildFailedError);
      assert.match(error.message, /does not build/);
      assert.match(error.tail, /\/nowhere/);
      return true;
    });
    assert.deepEqual(
      (await readdir(join(bench.root, bench.name))).map((name) => name.replace(/^.*Z\./, "")),
      ["build.log"],
    );
  });

  it("whose image is cut short or damaged is no image any more", async () => {
    const { timestamp } = await build({ verify: "skip" });
    const { sif } = bench.paths(timestamp);
    await captureSif(sif);
    await truncate(sif, 37_000);
    await assert.rejects(captureSif(sif), { code: "sif", message: /cut short/ });
    await truncate(sif, 40_960);
    await assert.rejects(captureSif(sif), { code: "sif" });
  });

  it("is no image that can be judged once it has an overlay, whose files hide its own", async () => {
    const { timestamp } = await build({ verify: "skip" });
    const { sif } = bench.paths(timestamp);
    await bench.write("overlay", "any file system\n");
    const { path } = await findApptainer();
    const kinds = [
      "--datatype",
      "4",
      "--parttype",
      "4",
      "--partfs",
      "2",
      "--partarch",
      "2",
      "--groupid",
      "1",
    ];
    await run(path, ["sif", "add", ...kinds, sif, join(bench.context, "overlay")]);
    await assert.rejects(captureSif(sif), { code: "sif", message: /it has an overlay, whose files hide/ });
    assert.equal(await imageRevision(sif), "");
  });

  it("is refused with what is wrong, before anything is built", async () => {
    await bench.write("small.def", "Bootstrap: podman\nFrom: x\n");
    await assert.rejects(build(), { code: "input", message: /no bootstrap agent "podman"/ });
    await bench.write("small.def", SCRATCH);
    await assert.rejects(build({ target: "x", buildArgs: { WHAT: "y" }, labels: { a: "b\nc" } }), {
      code: "input",
      message: /target: is for the engine docker.*labels\.a: .*buildArgs\.WHAT: /,
    });
    await assert.rejects(build({ recipe: join(bench.context, "nothing.def") }), {
      code: "input",
      message: /there is no such file; recipe names the Apptainer definition/,
    });
    assert.deepEqual(await bench.stored(), []);
  });
});
