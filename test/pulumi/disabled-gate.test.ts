import assert from "node:assert/strict";
import { buildTiny } from "../support/docker";
import { inOrder } from "../support/in-order";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

describe("a promotion with enabled: false", function () {
  this.timeout(180_000);
  const it = inOrder();
  let story: Story;
  let source: string;

  before(async () => {
    story = await startStory("disabled", () => ({}));
    const labels = { ...story.images.labels, "org.opencontainers.image.revision": REVISION_B };
    source = await buildTiny({ name: story.tag("built"), labels });
  });
  after(() => story.end());

  for (const [claim, expectedRevision] of [
    ["whatever revision is expected", REVISION_A],
    ["without any expectation", undefined],
  ] as const) {
    it(`tags the image, says so in the verdict, and warns: ${claim}`, async () => {
      const target = story.tag(claim.replaceAll(" ", "-"));
      await story.declare({ promotion: { source, targets: [target], enabled: false, expectedRevision } });
      const { outputs, stdout } = await story.project.up({ skipPreview: true });
      const { verdict, imageId } = outputs.promotion as Record<string, unknown>;
      assert.equal(verdict, "image-freshness disabled");
      assert.equal(imageId, source);
      assert.equal(await story.pointsTo(target), source);
      assert.match(stdout, /warning: image-freshness disabled/);
    });
  }

  it("warns in every later preview, too, which is empty", async () => {
    const preview = await story.project.preview();
    assert.deepEqual(preview.changed(), []);
    assert.match(preview.diagnostics, /warning: .*image-freshness disabled/);
  });

  it("is judged as soon as it is enabled again", async () => {
    const target = story.tag("without-any-expectation");
    await story.declare({ promotion: { source, targets: [target], expectedRevision: REVISION_A } });
    const { code, diagnostics } = await story.project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /provenance mismatch: /);
  });
});
