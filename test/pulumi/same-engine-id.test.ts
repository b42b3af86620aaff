import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";
import { command } from "../engine/support/command";
import { runChild } from "../support/child";
import { dockerProgram } from "../support/docker";
import { inOrder } from "../support/in-order";
import { CONTAINERD, noOwnEngine, otherStore, startOwnEngine, type OwnEngine } from "../support/own-engine";
import { startStory, type Story } from "../support/pulumi-story";

const STATUS = "Package: own\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";
const FILES = {
  "app/Dockerfile": "FROM scratch\nCOPY status /var/lib/dpkg/status\nCOPY text /text\n",
  "app/status": STATUS,
};

/** A story whose image is built on engines of its own. */
interface Told {
  story: Story;
  /** `pulumi <args>` with an engine; its whole output. Throws where it fails. */
  pulumi: (engine: OwnEngine, ...args: string[]) => Promise<string>;
  /** The timestamps of the builds whose lock and mark are in the store, oldest first. */
  evidence: () => string[];
  /** The tags of the image that an engine has, sorted. */
  tags: (engine: OwnEngine) => Promise<string[]>;
}

async function tell(name: string): Promise<Told> {
  const story = await startStory(
    name,
    ({ name, labels }) => ({ image: { name, context: "app", root: "store", retain: 1, labels } }),
    FILES,
  );
  const { project, images } = story;
  return {
    story,
    async pulumi(engine, ...args) {
      const { code, stdout, stderr } = await project.run(args, { DOCKER_HOST: engine.host });
      assert.equal(code, 0, stdout + stderr);
      return stdout + stderr;
    },
    evidence: () => {
      const files = readdirSync(join(project.directory, "store", images.name)).sort();
      const stems = files.filter((file) => file.endsWith(".lock")).map((file) => file.slice(0, -5));
      assert.deepEqual(
        files.filter((file) => file.endsWith(".verified")),
        stems.map((stem) => `${stem}.verified`),
      );
      return stems.map((stem) => stem.slice(images.name.length + 1));
    },
    async tags({ host }) {
      const args = ["--host", host, "image", "ls", "--format", "{{.Tag}}", images.name];
      return (await runChild(await dockerProgram(), args)).stdout.split("\n").filter(Boolean).sort();
    },
  };
}

/** Skips where no engine can be started; on CI it fails. */
function skipWithoutEngine(test: Context): void {
  const reason = noOwnEngine();
  if (reason === null) return;
  if (process.env.CI) throw new Error(reason);
  test.skip();
}

describe("a store that is used with two engines of one ID, as cloned machines have it", function () {
  this.timeout(600_000);
  const it = inOrder();
  let first: OwnEngine;
  let second: OwnEngine;
  let told: Told;
  let built: string[] = [];

  before(async function () {
    skipWithoutEngine(this);
    [first, second] = await Promise.all([startOwnEngine("shared"), startOwnEngine("shared")]);
    told = await tell("same-engine-id");
    await told.pulumi(first, "up", "--yes", "--skip-preview");
    built = told.evidence();
  });
  after(async () => {
    await told?.story.end();
    await first?.dispose();
    await second?.dispose();
  });

  it("a preview and a refresh with the second one say that nothing can be told, and change nothing", async () => {
    for (const args of [["preview"], ["refresh", "--yes"]]) {
      const said = await told.pulumi(second, ...args);
      assert.match(
        said,
        /can't tell whether the image is still there: \S+ is not on this engine, which has the ID of/,
      );
      assert.match(said, /cloned machines share that ID/);
      assert.match(said, /Resources:\n {4}2 unchanged/);
    }
    assert.deepEqual(told.evidence(), built);
  });

  it("builds on the second one, retention and prune leave the evidence of what the first one has", async () => {
    await told.story.project.write("app/text", "changed\n");
    await told.pulumi(second, "up", "--yes", "--skip-preview");
    const both = told.evidence();
    assert.deepEqual([both.length, both[0]], [2, built[0]]);
    await told.story.project.write("app/text", "changed again\n");
    await told.pulumi(second, "up", "--yes", "--skip-preview");
    const { directory } = told.story.project;
    const pruned = await command(directory, ["prune", "--retain", "1", "--root", "store", "--json"], {
      DOCKER_HOST: second.host,
    });
    assert.equal(pruned.code, 0, pruned.stderr);
    const [oldest, latest, ...more] = told.evidence();
    assert.deepEqual([oldest, more], [built[0], []]);
    assert.deepEqual(await told.tags(first), built, "on the first engine");
    assert.deepEqual(await told.tags(second), [latest], "on the second engine");
  });

  it("the first one is found as it was", async () => {
    const { directory } = told.story.project;
    const name = `${told.story.images.name}:${built[0]}`;
    const checked = await command(directory, ["check", name, "--require-verified", "--root", "store"], {
      DOCKER_HOST: first.host,
    });
    assert.deepEqual([checked.code, checked.stdout], [0, `${name} is verified\n`], checked.stderr);
  });
});

describe("an engine that keeps its images in another store than at the last update", function () {
  this.timeout(600_000);
  const it = inOrder();
  let engine: OwnEngine;
  let told: Told;
  let withContainerd = false;
  let built: string[] = [];
  const other = (): string => (withContainerd ? "containerd's overlayfs" : "vfs");

  before(async function () {
    skipWithoutEngine(this);
    engine = await startOwnEngine("switched", { "storage-driver": "overlay2" });
    told = await tell("switched-store");
    await told.pulumi(engine, "up", "--yes", "--skip-preview");
    built = told.evidence();
    const settings = await otherStore(engine);
    withContainerd = settings === CONTAINERD;
    await engine.start(settings);
  });
  after(async () => {
    await told?.story.end();
    await engine?.dispose();
  });

  it("an update and a refresh say so, and nothing is built or dropped", async () => {
    assert.deepEqual(await told.tags(engine), []);
    for (const args of [
      ["up", "--yes", "--skip-preview"],
      ["refresh", "--yes"],
    ]) {
      const said = await told.pulumi(engine, ...args);
      const words = `another store now (${other()}) than when it built this one (overlay2): what it had before is hidden`;
      assert.ok(
        said.includes(`is not on this engine, which keeps its images in ${words}, and not gone`),
        said,
      );
      assert.match(said, /Resources:\n {4}2 unchanged/);
    }
    assert.deepEqual(told.evidence(), built);
  });

  it("what is built there removes no evidence, and everything is found again when the store is back", async () => {
    // Docker 20.10 can't build there: its builder looks for files of the other storage driver.
    if (withContainerd) {
      await told.story.project.write("app/text", "changed\n");
      await told.pulumi(engine, "up", "--yes", "--skip-preview");
      const both = told.evidence();
      assert.deepEqual([both.length, both[0]], [2, built[0]]);
    }
    await engine.start({ "storage-driver": "overlay2" });
    const said = await told.pulumi(engine, "preview");
    const back = `another store now (overlay2) than when it built this one (${other()})`;
    assert.equal(said.includes(back), withContainerd, said);
    assert.deepEqual(await told.tags(engine), built);
  });
});
