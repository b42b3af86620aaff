import assert from "node:assert/strict";
import { chmod, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTiny, docker, imageId, imageLabels } from "../support/docker";
import type { ImageInputs } from "../../provider/inputs/image-inputs.generated";
import { defaultPlatform } from "../../provider/inputs/recipe-settings";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { type Bench, type Outcome, makeBench, quickBench } from "./support/bench";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";

const REVISION = "1".repeat(40);
const OTHER = "2".repeat(40);
const BUILT = ["build", "capture", "lock"];

describe("a build happens again only if something that it can see has changed", function () {
  this.timeout(60_000);
  let bench: Bench;
  let inputs: Partial<ImageInputs>;
  let current: Outcome;

  before(async () => {
    bench = await makeBench();
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("app", "one");
    await bench.write("notes/ignored", "one");
    await bench.write(".dockerignore", "notes\n");
    await bench.write("Dockerfile", `${COPY_ONLY}ARG COLOUR=grey\nLABEL colour=$COLOUR\n`);
    process.env.ENGINE_TESTS_TOKEN = "first";
    const secrets = { token: { env: "ENGINE_TESTS_TOKEN" } };
    inputs = { verify: "skip", revision: REVISION, buildArgs: { COLOUR: "red" }, secrets };
    current = await bench.build(inputs);
  });
  after(async () => {
    delete process.env.ENGINE_TESTS_TOKEN;
    await bench?.dispose();
  });

  async function isSkipped(): Promise<void> {
    const { steps, timestamp, imageId: id } = await bench.build(inputs);
    assert.deepEqual(
      { steps, timestamp, id },
      { steps: [], timestamp: current.timestamp, id: current.imageId },
    );
  }

  async function isBuilt(): Promise<void> {
    const next = await bench.build(inputs);
    assert.deepEqual(next.steps, BUILT);
    assert.ok(next.timestamp > current.timestamp);
    current = next;
    await isSkipped();
  }

  it("not when nothing has changed", isSkipped);

  it("not when files were touched, and an ignored one has changed", async () => {
    await utimes(join(bench.context, "app"), 1, 1);
    await utimes(join(bench.context, "Dockerfile"), 1, 1);
    await bench.write("notes/ignored", "two");
    await isSkipped();
  });

  it("not when a secret has another value", async () => {
    process.env.ENGINE_TESTS_TOKEN = "second";
    await isSkipped();
  });

  it("not when the context has moved to another place", async () => {
    const moved = join(bench.directory, "moved");
    await rename(bench.context, moved);
    try {
      const { steps, timestamp } = await bench.build({ ...inputs, context: moved });
      assert.deepEqual({ steps, timestamp }, { steps: [], timestamp: current.timestamp });
    } finally {
      await rename(moved, bench.context);
    }
  });

  // The inputs one by one: test/unit/build/roundtrip/pure.test.ts.
  const changes: Record<string, () => unknown> = {
    "a file's content": () => bench.write("app", "two"),
    "a file's mode bits": () => chmod(join(bench.context, "app"), 0o755),
    "a new empty folder": () => mkdir(join(bench.context, "folder")),
    "the recipe": () =>
      bench.write("Dockerfile", `${COPY_ONLY}# a comment\nARG COLOUR=grey\nLABEL colour=$COLOUR\n`),
    "platform and target": () => Object.assign(inputs, { platform: defaultPlatform(), target: "0" }),
    "the ids of secrets": () => (inputs.secrets = { other: { env: "ENGINE_TESTS_TOKEN" } }),
    force: () => (inputs.force = { reason: "a test" }),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`when it is ${what}`, async () => {
      await change();
      await isBuilt();
    });
  }

  it("when it is a build argument, a label and the revision, and the new image is made from them", async () => {
    Object.assign(inputs, { buildArgs: { COLOUR: "blue" }, labels: { owner: "us" }, revision: OTHER });
    await isBuilt();
    assert.deepEqual(await imageLabels(current.imageId), {
      colour: "blue",
      owner: "us",
      [REVISION_LABEL]: OTHER,
    });
    assert.equal(current.revision, OTHER);
  });

  it("when the lock was changed by hand", async () => {
    await writeFile(bench.paths(current.timestamp).lock, "{}");
    await isBuilt();
  });

  it("when the lock is missing", async () => {
    await rm(bench.paths(current.timestamp).lock);
    await isBuilt();
  });

  it("when the image is gone", async () => {
    await docker(["image", "rm", "--force", current.reference]);
    await isBuilt();
  });

  it("not when only its name is gone: it gets it back", async () => {
    const other = `${bench.name}:other`;
    await docker(["tag", current.imageId, other]);
    await docker(["image", "rm", current.reference]);
    await isSkipped();
    assert.equal(await imageId(current.reference), current.imageId);
  });

  it("when its name leads to another image", async () => {
    const lost = current.imageId;
    const other = await buildTiny({ name: `${bench.name}:another` });
    await docker(["tag", other, current.reference]);
    await isBuilt();
    await docker(["image", "rm", lost]);
  });
});

describe("the verdict of an unchanged build", function () {
  this.timeout(60_000);
  let bench: Bench;

  before(async () => {
    bench = await quickBench();
  });
  after(() => bench?.dispose());

  it("is on record and not sought again; without its mark only the rebuild happens", async () => {
    const first = await bench.build();
    assert.equal(first.verified, "verified");
    assert.deepEqual((await bench.build()).steps, []);
    await rm(bench.paths(first.timestamp).verified);
    const again = await bench.build();
    assert.deepEqual(again.steps, ["locked rebuild", "compare"]);
    assert.equal(again.verified, "verified");
    assert.equal(again.timestamp, first.timestamp);
  });
});
