import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SUFFIXES } from "../../provider/store/paths";
import { removeImage } from "../support/docker";
import type { PulumiProject, UpResult } from "../support/pulumi";
import { programText } from "../support/pulumi-program";
import { startStory, type Story } from "../support/pulumi-story";
import { mostAtOnce, timedRecipe, timedRuns } from "../support/timed-runs";

const WAITING = /waiting: this artifact of the store is in use by process \d+ on \S+ \(since [\dTZ:.-]+\)/g;

describe("two stacks that build one artifact of one store at the same time", function () {
  this.timeout(1_800_000);
  let shared: string;
  let story: Story;
  let stacks: [PulumiProject, PulumiProject];
  const artifact = (): string => story.images.name;
  const folder = (): string => join(shared, artifact());
  const program = (buildArgs: Record<string, string>, more: Record<string, unknown> = {}): string =>
    programText({
      image: {
        name: artifact(),
        context: "app",
        root: shared,
        labels: story.images.labels,
        buildArgs,
        ...more,
      },
    });
  /** Both at once. */
  async function update(): Promise<{ images: Record<string, string>[]; waits: string[] }> {
    const ups: UpResult[] = await Promise.all(stacks.map((stack) => stack.up({ skipPreview: true })));
    return {
      images: ups.map(({ outputs }) => outputs.image as Record<string, string>),
      waits: ups.flatMap(({ stdout }) => [...new Set(stdout.match(WAITING) ?? [])]),
    };
  }
  /** Names in the store that are not `latest` and not of a complete, verified build. */
  async function junk(): Promise<string[]> {
    const names = await readdir(folder());
    const stems = names
      .filter((name) => name.endsWith(".lock"))
      .map((name) => name.slice(0, -".lock".length));
    const passing = [".unverified", ".keep", ".building", ".verifying"];
    const onlyWhereNeeded = [".Dockerfile.dockerignore", ".pins"];
    const ofApptainer = [".sif", ".rough.def", ".def"];
    const others = [...passing, ...onlyWhereNeeded, ...ofApptainer];
    const wanted = SUFFIXES.filter((suffix) => !others.includes(suffix));
    const ofBuilds = (suffixes: readonly string[]): string[] =>
      stems.flatMap((stem) => suffixes.map((suffix) => `${stem}${suffix}`));
    const missing = ofBuilds(wanted).filter((name) => !names.includes(name));
    const known = new Set(["latest", ...ofBuilds([...wanted, ...onlyWhereNeeded])]);
    const beside = (await readdir(shared)).filter((name) => name !== artifact());
    return [
      ...names.filter((name) => !known.has(name)),
      ...missing.map((name) => `${name} is missing`),
      ...beside,
    ];
  }

  before(async () => {
    shared = await mkdtemp(join(tmpdir(), "verified-images-shared-"));
    story = await startStory("shared", ({ name, labels }) => ({
      image: { name: name, context: "app", root: shared, labels },
    }));
    await story.project.write("app/Dockerfile", `${timedRecipe(artifact(), 2)}ARG SIDE\nLABEL side=$SIDE\n`);
    stacks = [story.project, await story.project.clone()];
  });
  after(async () => {
    stacks?.[1].remove();
    await story?.end();
    await rm(shared, { recursive: true, force: true });
  });

  it("get one build when they want the same: the second says whom it waits for, and finds it", async () => {
    const { images, waits } = await update();
    assert.equal(waits.length, 1, "one of them has waited, and said so once");
    assert.deepEqual(images[0], images[1]);
    assert.equal(images[0]?.verified, "verified");
    assert.equal((await timedRuns(folder())).length, 2, "a build and its rebuild");
    assert.deepEqual(await junk(), []);
  });

  it("get a build each when they want different ones, one after the other", async () => {
    await Promise.all(
      stacks.map((stack, index) =>
        stack.write("index.js", program({ SIDE: index === 0 ? "left" : "right" })),
      ),
    );
    const { images, waits } = await update();
    assert.equal(waits.length, 1, "one of them has waited, and said so once");
    assert.deepEqual(
      images.map(({ verified }) => verified),
      ["verified", "verified"],
    );
    const stamps = images.map(({ timestamp }) => timestamp ?? "").sort();
    assert.notEqual(stamps[0], stamps[1]);
    const runs = await timedRuns(folder());
    assert.equal(runs.length, 6);
    assert.equal(mostAtOnce(runs), 1);
    assert.equal(await readlink(join(folder(), "latest")), `${artifact()}-${stamps[1]}.lock`);
    assert.deepEqual(await junk(), []);
  });

  it("leave each other the build that a state has, and make one again that is gone from store and engine", async () => {
    const [first, second] = stacks;
    const declare = (stack: PulumiProject, side: string): Promise<void> =>
      stack.write("index.js", program({ SIDE: side }, { retain: 1, verify: "skip" }));
    await declare(first, "left");
    await first.up({ skipPreview: true });
    for (const side of ["up", "down"]) {
      await declare(second, side);
      await second.up({ skipPreview: true });
    }
    const builds = (await readdir(folder())).filter((name) => name.endsWith(".lock"));
    assert.equal(builds.length, 2, "one of each state");
    assert.deepEqual((await first.preview()).changed(), []);

    await second.destroy();
    const records = (await readdir(folder())).filter((name) => name.endsWith(".build.json")).sort();
    const held = records.map(
      (name) => readFileSync(join(folder(), name), "utf8").match(/"urn:pulumi:/g)?.length,
    );
    assert.deepEqual(held, [1, undefined], "destroy lets go");

    const [left = ""] = builds.sort();
    for (const name of await readdir(folder()))
      if (name.startsWith(left.replace(/lock$/, ""))) await rm(join(folder(), name), { recursive: true });
    const stamp = left.slice(`${artifact()}-`.length, -".lock".length);
    await removeImage(`${artifact()}:${stamp}`);
    const gone = await first.preview();
    assert.deepEqual(gone.changed(), ["image"]);
    assert.match(
      gone.said("image"),
      /drift: image gone: \S+ is no longer on the engine\n {2}Its image ID is sha256:\w+/,
    );
    await first.up({ skipPreview: true });
    assert.deepEqual((await first.preview()).changed(), []);
  });
});
