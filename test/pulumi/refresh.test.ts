import assert from "node:assert/strict";
import { buildTiny, docker } from "../support/docker";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

describe("a refresh", function () {
  this.timeout(180_000);
  let story: Story;
  let production: string;
  let imageId: string;

  const up = async (): Promise<void> => {
    const { outputs } = await story.project.up({ skipPreview: true });
    imageId = (outputs.image as { imageId: string }).imageId;
  };

  before(async () => {
    story = await startStory("refresh", ({ name, labels }) => ({
      image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
      promotion: { targets: [`${name}:production`], expectedRevision: REVISION_A },
    }));
    production = story.tag("production");
    await up();
  });
  after(() => story.end());

  it("drops a promotion whose tag was deleted, and the next update promotes again", async () => {
    await docker(["image", "rm", production]);
    await story.project.refresh();
    assert.equal(await story.recorded("promotion"), undefined);
    assert.notEqual(await story.recorded("image"), undefined);
    const preview = await story.project.preview();
    assert.equal(preview.step("promotion").op, "create");
    await up();
    assert.equal(await story.pointsTo(production), imageId);
  });

  it("keeps a promotion whose tag was moved, and the next update puts it back", async () => {
    const other = await buildTiny({ name: story.tag("other"), labels: story.images.labels });
    await story.move(production, other);
    await story.project.refresh();
    assert.notEqual(await story.recorded("promotion"), undefined);
    assert.equal(await story.pointsTo(production), other, "a refresh must not move anything");
    assert.equal((await story.project.preview()).step("promotion").op, "update");
    await up();
    assert.equal(await story.pointsTo(production), imageId);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("drops an image that is gone, and the next update builds and promotes it again", async () => {
    await docker(["image", "rm", "--force", imageId]);
    await story.project.refresh();
    assert.equal(await story.recorded("image"), undefined);
    assert.equal(await story.recorded("promotion"), undefined);
    await up();
    assert.equal(await story.pointsTo(production), imageId);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("drops nothing when Docker does not answer", async () => {
    const before = await story.project.exportState();
    const unreachable = { DOCKER_HOST: "tcp://127.0.0.1:1" };
    await story.project.run(["refresh", "--yes"], unreachable);
    const names = (state: typeof before): string[] =>
      (state.deployment.resources ?? []).map(({ urn }) => urn).sort();
    assert.deepEqual(names(await story.project.exportState()), names(before));
    assert.deepEqual((await story.project.preview()).changed(), []);
  });
});
