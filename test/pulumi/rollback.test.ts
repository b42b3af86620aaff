import assert from "node:assert/strict";
import { buildTiny, docker, imageExists } from "../support/docker";
import { inOrder } from "../support/in-order";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";

describe("a promotion through its life", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let production: string;
  let canary: string;
  let shared: string;
  let [imageA, imageB] = ["", ""];

  /** Promotes and returns the promotion's outputs. */
  const promote = async (
    source: string,
    expectedRevision: string,
    targets: string[],
  ): Promise<Record<string, unknown>> => {
    await story.declare({ promotion: { source, targets, expectedRevision } });
    return (await story.project.up({ skipPreview: true })).outputs.promotion as Record<string, unknown>;
  };

  before(async () => {
    story = await startStory("life", () => ({}));
    [production, canary, shared] = [story.tag("production"), story.tag("canary"), story.tag("shared")];
    const build = (name: string, revision: string): Promise<string> =>
      buildTiny({ name: story.tag(name), labels: { ...story.images.labels, [LABEL]: revision } });
    imageA = await build("a", REVISION_A);
    imageB = await build("b", REVISION_B);
  });
  after(() => story.end());

  it("records that its targets were not there before", async () => {
    const { previous } = await promote(imageA, REVISION_A, [production, canary, shared]);
    assert.deepEqual(previous, { [production]: null, [canary]: null, [shared]: null });
    assert.equal(await story.pointsTo(canary), imageA);
  });

  it("records the former image of each target when it moves on", async () => {
    const { imageId, previous } = await promote(imageB, REVISION_B, [production, canary, shared]);
    assert.equal(imageId, imageB);
    assert.deepEqual(previous, { [production]: imageA, [canary]: imageA, [shared]: imageA });
    assert.equal(await story.pointsTo(production), imageB);
  });

  it("rolls back to the previous image with its own revision", async () => {
    const { imageId, previous } = await promote(imageA, REVISION_A, [production, canary, shared]);
    assert.equal(imageId, imageA);
    assert.deepEqual(previous, { [production]: imageB, [canary]: imageB, [shared]: imageB });
    assert.equal(await story.pointsTo(production), imageA);
  });

  it("takes the tag off a target that leaves the list, unless someone else has moved it, and off nothing else", async () => {
    await story.move(shared, imageB);
    const { targets, previous } = await promote(imageA, REVISION_A, [production]);
    assert.deepEqual(targets, [production]);
    assert.deepEqual(previous, { [production]: imageB });
    assert.equal(await story.pointsTo(canary), null);
    assert.equal(await story.pointsTo(shared), imageB);
    assert.equal(await story.pointsTo(production), imageA);
    assert.equal(await story.pointsTo(story.tag("a")), imageA);
  });

  it("removes only its own tag when it is destroyed, and the image stays even when that was its last", async () => {
    await promote(imageA, REVISION_A, [production, canary]);
    await story.move(canary, imageB);
    await docker(["image", "rm", story.tag("a")]);
    const { stdout } = await story.project.destroy();
    assert.match(stdout, new RegExp(`not removed: ${canary}\\s+Someone else has moved it`));
    assert.equal(await story.pointsTo(production), null);
    assert.equal(await story.pointsTo(canary), imageB);
    assert.equal(await imageExists(imageA), true);
    assert.deepEqual(await story.images.containers(), []);
    assert.equal(await story.recorded("promotion"), undefined);
  });
});
