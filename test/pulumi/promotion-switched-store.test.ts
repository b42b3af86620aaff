import assert from "node:assert/strict";
import { runChild } from "../support/child";
import { dockerProgram } from "../support/docker";
import { inOrder } from "../support/in-order";
import { noOwnEngine, otherStore, startOwnEngine, type OwnEngine } from "../support/own-engine";
import { COPY_RECIPE, REVISION_A, startStory, type Story } from "../support/pulumi-story";

const GRAPH = { "storage-driver": "overlay2" };

describe("a promotion on an engine that keeps its images in another store all of a sudden", function () {
  this.timeout(600_000);
  const it = inOrder();
  let engine: OwnEngine;
  let story: Story;
  let production: string;

  /** `pulumi <args>` with the engine: whether it went well, and all that it said. */
  async function pulumi(...args: string[]): Promise<{ code: number; said: string }> {
    const { code, stdout, stderr } = await story.project.run(args, { DOCKER_HOST: engine.host });
    return { code: code ?? -1, said: (stdout + stderr).replace(/\s+/g, " ") };
  }
  /** What the target names; empty: it is not there. */
  async function standing(): Promise<string> {
    const args = ["--host", engine.host, "image", "ls", "--quiet", "--no-trunc", production];
    return (await runChild(await dockerProgram(), args)).stdout.trim();
  }

  before(async function () {
    const reason = noOwnEngine();
    if (reason !== null && process.env.CI) throw new Error(reason);
    if (reason !== null) return this.skip();
    engine = await startOwnEngine("promoted-and-switched", GRAPH);
    story = await startStory("promotion-switched", () => ({}), { "app/Dockerfile": COPY_RECIPE });
    production = story.tag("production");
    const revision = REVISION_A;
    const image = { name: story.images.name, context: "app", root: "store", verify: "skip", revision };
    const promotion = { targets: [production], expectedRevision: revision };
    await story.declare({ image, promotion });
    assert.equal((await pulumi("up", "--yes", "--skip-preview")).code, 0);
    await engine.start(await otherStore(engine));
  });
  after(async () => {
    await story?.end();
    await engine?.dispose();
  });

  it("fails the preview and the update, which say what has happened, and nothing is built or tagged", async () => {
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, said } = await pulumi(...args);
      assert.notEqual(code, 0, said);
      assert.match(
        said,
        /the engine keeps its images in another store now \((?:containerd's overlayfs|vfs)\) than when \S+:production was promoted there \(overlay2\): what it had before is hidden, and not gone; /,
      );
      assert.match(said, /no tag was moved/);
      assert.doesNotMatch(said, /tag gone|source gone/);
    }
    assert.equal(await standing(), "");
  });

  it("keeps its state in a refresh, and takes no tag away when it is destroyed there", async () => {
    const { code, said } = await pulumi("refresh", "--yes");
    assert.equal(code, 0, said);
    assert.match(
      said,
      /can't tell where \S+:production is: the engine keeps its images in another store now/,
    );
    assert.ok(await story.recorded("promotion"));
    const { said: destroyed } = await pulumi("destroy", "--yes", "--target", await urn());
    assert.match(destroyed, /no tag is taken away: the engine keeps its images in another store now/);
  });

  it("has its tag as before once the store is back", async () => {
    await engine.start(GRAPH);
    assert.notEqual(await standing(), "");
    const { code, said } = await pulumi("up", "--yes", "--skip-preview");
    assert.equal(code, 0, said);
  });

  const urn = async (): Promise<string> =>
    (await story.recorded("promotion"))?.urn ?? assert.fail("no promotion");
});
