import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { OwnImages } from "../support/own-images";
import type { Arguments, ProgramSpec } from "../support/pulumi-program";
import { startStory, type Story } from "../support/pulumi-story";
import { allProcesses, descendants } from "../support/processes";
import { inOrder } from "../support/in-order";
import { mostAtOnce, timedRecipe, timedRuns, type TimedRun } from "../support/timed-runs";
import { until } from "../support/until";

const NAMES = ["one", "two", "three"];
const WAITING = /waiting: \d+ other builds? (?:is|are) running/;

/** What the CLI said on a resource's own row, a line each. */
function row(output: string, name: string): string[] {
  return output.split("\n").filter((line) => new RegExp(`ReproducibleImage ${name} `).test(line));
}

/** Images in folders and artifacts of their own. */
function threeImages({ name, labels }: OwnImages, more: Record<string, Arguments> = {}): ProgramSpec {
  const image = (each: string): Arguments => ({
    name: `${name}-${each}`,
    context: each,
    root: "store",
    labels,
    ...more[each],
  });
  return { images: Object.fromEntries(NAMES.map((each) => [each, image(each)])) };
}

describe("several images in one stack", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  const store = (...path: string[]): string => join(story.project.directory, "store", ...path);
  const artifact = (name: string): string => `${story.images.name}-${name}`;
  let turn = 0;

  /** Gives every image a recipe that it did not have before. */
  async function change(names: readonly string[] = NAMES, length = 2): Promise<void> {
    turn += 1;
    for (const name of names)
      await story.project.write(`${name}/Dockerfile`, timedRecipe(`${artifact(name)}-${turn}`, length));
  }
  /** The runs of all images since a moment. */
  async function runsSince(moment: number): Promise<TimedRun[]> {
    const runs = await Promise.all(NAMES.map((name) => timedRuns(store(artifact(name)))));
    return runs.flat().filter(({ from }) => from >= moment);
  }
  async function up(variables: NodeJS.ProcessEnv): Promise<{ stdout: string; runs: TimedRun[] }> {
    const started = Date.now() / 1000;
    const result = await story.project.run(["up", "--yes", "--skip-preview"], variables);
    assert.equal(result.code, 0, result.stdout + result.stderr);
    return { stdout: result.stdout, runs: await runsSince(started) };
  }

  before(async () => {
    story = await startStory("several", threeImages);
    await change();
    await story.project.config("verified-images:concurrency", "2");
  });
  after(() => story.end());

  it("are not begun by an update with a limit of 0 in the environment", async () => {
    const { code, stdout } = await story.project.run(["up", "--yes", "--skip-preview"], {
      VERIFIED_IMAGES_CONCURRENCY: "0",
    });
    assert.notEqual(code, 0);
    assert.match(stdout, /VERIFIED_IMAGES_CONCURRENCY.*which is no number of builds that can run at once/);
    assert.equal(existsSync(store()), false);
  });

  it("are refused in preview with a limit of x in the stack", async () => {
    await story.project.config("verified-images:concurrency", "x");
    const { code, stdout } = await story.project.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(stdout, /verified-images:concurrency.*which is no number of builds that can run at once/);
    await story.project.config("verified-images:concurrency", "2");
  });

  it("are built two at a time where the stack allows two, and the third says that it waits, and how many can", async () => {
    const { stdout, runs } = await up({ VERIFIED_IMAGES_CONCURRENCY: "" });
    assert.equal(runs.length, 6);
    assert.equal(mostAtOnce(runs), 2);
    const waits = NAMES.map((name) => row(stdout, name).filter((line) => WAITING.test(line)).length);
    assert.deepEqual(waits.sort(), [0, 0, 1], stdout);
    const words =
      "waiting: 2 other builds are running (limit 2; VERIFIED_IMAGES_CONCURRENCY or verified-images:concurrency changes it)";
    assert.ok(stdout.includes(words), stdout);
  });

  it("are built one at a time where the environment allows one, whatever the stack says", async () => {
    await change();
    const { stdout, runs } = await up({ VERIFIED_IMAGES_CONCURRENCY: "1" });
    assert.equal(runs.length, 6);
    assert.equal(mostAtOnce(runs), 1);
    const waits = NAMES.map((name) => row(stdout, name).filter((line) => WAITING.test(line)).length);
    assert.deepEqual(waits.sort(), [0, 1, 1], stdout);
    // A build and its rebuild are one turn: nobody comes in between.
    const owners = runs.map(({ log }) => NAMES.findIndex((name) => log.startsWith(`${artifact(name)}-`)));
    assert.deepEqual([owners[0], owners[2], owners[4]], [owners[1], owners[3], owners[5]]);
  });

  it("are neither built nor wait for a long build when there is nothing to build", async () => {
    await change(["one"], 6);
    await story.declare(threeImages(story.images, { two: { retain: 9 }, three: { retain: 9 } }));
    const { stdout, runs } = await up({ VERIFIED_IMAGES_CONCURRENCY: "1" });
    assert.equal(runs.length, 2, "only one image was built");
    assert.doesNotMatch(stdout, WAITING);
    const lines = stdout.split("\n");
    const built = lines.findIndex((line) => /ReproducibleImage one .*\bbuild done/.test(line));
    for (const name of ["two", "three"]) {
      const updated = lines.findIndex((line) => new RegExp(`ReproducibleImage ${name} updated`).test(line));
      assert.ok(updated !== -1 && updated < built, stdout);
    }
  });

  it("that wait are ended at once with the one that runs, and nothing is left", async () => {
    const sleep = `120.${process.pid}7`;
    for (const name of NAMES) {
      await story.project.write(
        `${name}/Dockerfile`,
        `FROM debian:bookworm-slim\nRUN : ${name} && sleep ${sleep}\n`,
      );
    }
    const known = new Set(descendants().map(({ pid }) => pid));
    const exit = story.project.run(["up", "--yes", "--skip-preview"], { VERIFIED_IMAGES_CONCURRENCY: "1" });
    const ended = exit.catch((error: unknown) => error);
    const sleeping = (): boolean => allProcesses().some(({ command }) => command.includes(`sleep ${sleep}`));
    await until("the build's own process", 300_000, () => (sleeping() ? true : null));
    const cli = descendants().find(({ pid, command }) => !known.has(pid) && /pulumi up /.test(command));
    assert.ok(cli, "no CLI");
    process.kill(cli.pid, "SIGINT");
    const { ms } = await until("the end of the build", 300_000, () => (sleeping() ? null : true));
    // Left alone it would take two minutes.
    assert.ok(ms < 60_000, `it took ${Math.round(ms)} ms`);
    await ended;
    await until("the end of all", 300_000, () =>
      allProcesses().some(({ command }) => command.includes(story.project.directory)) ? null : true,
    );
    assert.deepEqual(await story.images.containers(), []);
    for (const name of NAMES) assert.equal(existsSync(store(`.${artifact(name)}.lease`)), false);
  });
});

describe("two resources of one stack with the same artifact and store", function () {
  this.timeout(1_800_000);
  let story: Story;
  before(async () => {
    story = await startStory("twins", ({ name, labels }) => ({
      images: {
        left: { name: name, context: "app", root: "store", labels },
        right: { name: name, context: "app", root: "./store/", labels },
      },
    }));
    await story.project.write("app/Dockerfile", timedRecipe(story.images.name, 1));
    await story.project.config("verified-images:concurrency", "2");
  });
  after(() => story.end());
  const folder = (): string => join(story.project.directory, "store", story.images.name);

  it("are one build when they are the same, and the second one waits for it", async () => {
    const { stdout, outputs } = await story.project.up({ skipPreview: true });
    assert.deepEqual(outputs.left, outputs.right);
    assert.equal((await timedRuns(folder())).length, 2, "a build and its rebuild");
    assert.match(stdout, /waiting: another build of this artifact of the store is running in this process/);
  });

  it("are two builds, one after the other, when they are not", async () => {
    const { name, labels } = story.images;
    const image = { name: name, context: "app", root: "store", labels };
    await story.declare({
      images: {
        left: { ...image, buildArgs: { SIDE: "left" } },
        right: { ...image, buildArgs: { SIDE: "right" } },
      },
    });
    const { outputs } = await story.project.up({ skipPreview: true });
    const runs = await timedRuns(folder());
    assert.equal(runs.length, 6);
    assert.equal(mostAtOnce(runs), 1);
    const [left, right] = [outputs.left, outputs.right] as Record<string, unknown>[];
    assert.notEqual(left?.timestamp, right?.timestamp);
    assert.deepEqual([left?.verified, right?.verified], ["verified", "verified"]);
  });
});
