import assert from "node:assert/strict";
import { buildTiny } from "../support/docker";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

describe("a promotion with enabled: false", function () {
  this.timeout(1_800_000);
  let story: Story;
  let source: string;
  const EXPECTED = { wrong: REVISION_A, none: undefined };
  const declare = (more: Arguments): Promise<void> =>
    story.declare({
      promotions: Object.fromEntries(
        Object.entries(EXPECTED).map(([name, expectedRevision]) => [
          name,
          { source, targets: [story.tag(name)], expectedRevision, ...more },
        ]),
      ),
    });

  before(async () => {
    story = await startStory("disabled", () => ({}));
    const labels = { ...story.images.labels, "org.opencontainers.image.revision": REVISION_B };
    source = await buildTiny({ name: story.tag("built"), labels });
  });
  after(() => story.end());

  it("tags the image whatever is expected, says so in the verdict, and warns, also in a preview, which is empty", async () => {
    await declare({ enabled: false });
    const { outputs, stdout } = await story.project.up({ skipPreview: true });
    const preview = await story.project.preview();
    assert.deepEqual(preview.changed(), []);
    for (const name of Object.keys(EXPECTED)) {
      const { verdict, imageId } = outputs[name] as Record<string, unknown>;
      assert.deepEqual([verdict, imageId], ["image-freshness disabled", source]);
      assert.equal(await story.pointsTo(story.tag(name)), source);
      assert.match(preview.said(name), /warning: .*image-freshness disabled/);
    }
    assert.match(stdout, /warning: image-freshness disabled/);
  });

  it("is judged where it is enabled", async () => {
    await declare({ expectedRevision: REVISION_A });
    const { code, diagnostics } = await story.project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /provenance mismatch: /);
  });
});
