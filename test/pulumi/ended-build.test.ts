import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { allProcesses, descendants } from "../support/processes";
import { imageExists } from "../support/docker";
import { startStory, type Story } from "../support/pulumi-story";
import { until } from "../support/until";

/** The process that is told to end. */
const PROVIDER = /^node .*dynamic-provider/;

/** Milliseconds in which everything has to be over, on a busy machine too; left alone, the build sleeps twice as long. */
const LIMIT_MS = 60_000;

describe("a build whose provider gets SIGTERM", function () {
  this.timeout(1_800_000);
  // A number that no other sleep on this machine has.
  const sleep = `sleep 120.${process.pid}`;
  const ours = (): { pid: number; command: string }[] =>
    allProcesses().filter(({ command }) => command.includes(sleep) || command.includes(`:${name}`));
  let story: Story;
  let name = "";
  let exit: Promise<unknown>;

  before(async () => {
    story = await startStory("ended", ({ name, labels }) => ({
      image: { name: name, context: "app", root: "store", labels },
    }));
    name = story.images.name;
    await story.project.write("app/Dockerfile", `FROM debian:bookworm-slim\nRUN ${sleep}\n`);
    const known = new Set(descendants().map(({ pid }) => pid));
    exit = story.project.run(["up", "--yes", "--skip-preview"]).catch((error: unknown) => error);
    await until("the build's own process", 300_000, () =>
      allProcesses().find(({ command }) => command === sleep || command.endsWith(`/${sleep}`)),
    );
    const target = descendants().find(({ pid, command }) => !known.has(pid) && PROVIDER.test(command));
    assert.ok(target, "no provider");
    process.kill(target.pid, "SIGTERM");
  });
  after(() => story.end());

  it("ends long before its build would, with every process that it started", async () => {
    const { ms } = await until("the end of the build's processes", 300_000, () =>
      ours().length === 0 ? true : null,
    );
    assert.ok(ms <= LIMIT_MS, `it took ${Math.round(ms)} ms`);
  });

  it("so that the update fails and no provider is left", async () => {
    const result = await exit;
    assert.ok(result instanceof Error || (result as { code: number }).code !== 0);
    await until("the end of the provider", 300_000, () => {
      const left = allProcesses().filter(({ command }) => command.includes(story.project.directory));
      return left.length === 0 ? true : null;
    });
  });

  it("and leaves no container, no image and no build in the store", async () => {
    assert.deepEqual(await story.images.containers(), []);
    assert.deepEqual(await story.images.ids(), []);
    assert.equal(await imageExists(`${name}:latest`), false);
    assert.equal(existsSync(join(story.project.directory, "store", name, "latest")), false);
  });
});
