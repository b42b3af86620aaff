import assert from "node:assert/strict";
import { engineEndpoint } from "../engine/support/engine-api";
import { buildTiny, docker } from "../support/docker";
import { inOrder } from "../support/in-order";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";
import { startRenamedEngine, type RenamedEngine } from "../support/renamed-engine";

const LABEL = "org.opencontainers.image.revision";

describe("a promotion whose engine is another one all of a sudden", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let another: RenamedEngine;
  let production: string;
  let [source, other] = ["", ""];
  const words = (): RegExp =>
    new RegExp(`another engine answers \\(${another.id}\\) than the one that has ${production} \\(`);
  const there = (): { DOCKER_HOST: string } => ({ DOCKER_HOST: another.host });

  before(async () => {
    another = await startRenamedEngine(await engineEndpoint());
    story = await startStory("another-engine", () => ({}));
    production = story.tag("production");
    const labels = { ...story.images.labels, [LABEL]: REVISION_A };
    source = await buildTiny({ name: story.tag("candidate"), labels });
    other = await buildTiny({ name: story.tag("other"), labels: story.images.labels, text: "other" });
    await story.declare({ promotion: { source, targets: [production], expectedRevision: REVISION_A } });
    await story.project.up({ skipPreview: true });
    await story.move(production, other);
  });
  after(async () => {
    await story?.end();
    await another?.close();
  });

  it("fails the preview, and an update without preview, and no tag is moved", async () => {
    const { code, diagnostics } = await story.project.preview(there());
    assert.notEqual(code, 0);
    assert.match(diagnostics, /property host .*no tag was moved/);
    assert.match(diagnostics, words());
    assert.match(diagnostics, /point DOCKER_HOST or the Docker context back to it/);
    const up = await story.project.run(["up", "--yes", "--skip-preview"], there());
    assert.notEqual(up.code, 0);
    assert.match(up.stdout, words());
    assert.equal(await story.pointsTo(production), other);
  });

  it("keeps its state in a refresh, though its target is not there", async () => {
    await docker(["image", "rm", production]);
    const { code, stdout, stderr } = await story.project.run(["refresh", "--yes"], there());
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, words());
    const { outputs } = (await story.recorded("promotion")) ?? assert.fail("no promotion");
    assert.deepEqual([outputs?.imageId, outputs?.targets], [source, [production]]);
  });

  it("goes on as if nothing had been, once its engine answers again", async () => {
    const { stdout } = await story.project.up();
    assert.match(stdout, /drift: tag gone/);
    assert.equal(await story.pointsTo(production), source);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("takes no tag away when it is destroyed there, and says so", async () => {
    const { code, stdout, stderr } = await story.project.run(["destroy", "--yes"], there());
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /no tag is taken away: another engine answers/);
    assert.equal(await story.pointsTo(production), source);
  });
});
