import assert from "node:assert/strict";
import { buildTiny, docker, imageExists } from "../support/docker";
import { inOrder } from "../support/in-order";
import type { PulumiProject } from "../support/pulumi";
import { programText } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";

describe("an image that others use too", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let other: PulumiProject;
  let imageId: string;
  let container: string;
  const at = (tag: string): Promise<string | null> => story.pointsTo(story.tag(tag));
  const program = (target: string): string =>
    programText({
      promotion: { source: imageId, targets: [story.tag(target)], expectedRevision: REVISION_A },
    });
  const assertRunning = async (): Promise<void> => {
    const state = await docker([
      "container",
      "inspect",
      "--format",
      "{{.State.Running}} {{.Image}}",
      container,
    ]);
    assert.equal(state, `true ${imageId}`);
  };

  before(async () => {
    story = await startStory("shared-image", () => ({}));
    const labels = { ...story.images.labels, [LABEL]: REVISION_A };
    imageId = await buildTiny({ name: story.tag("by-hand"), from: "debian:bookworm-slim", labels });
    await story.project.write("index.js", program("production"));
    other = await story.project.clone();
    await other.write("index.js", program("elsewhere"));
    await story.project.up({ skipPreview: true });
    await other.up({ skipPreview: true });
    container = await docker(["run", "--detach", story.tag("production"), "sleep", "3600"]);
  });
  after(async () => {
    other?.remove();
    await story?.end();
  });

  it("is adopted by a promotion whose target names it already: nothing moves, nothing was before", async () => {
    await story.move(story.tag("adopted"), imageId);
    await story.declare({
      promotion: {
        source: imageId,
        targets: [story.tag("production"), story.tag("adopted")],
        expectedRevision: REVISION_A,
      },
    });
    const { outputs } = await story.project.up({ skipPreview: true });
    const { previous } = outputs.promotion as { previous: Record<string, string | null> };
    assert.deepEqual(previous, { [story.tag("production")]: null, [story.tag("adopted")]: null });
    assert.equal(await at("adopted"), imageId);
  });

  it("stays through a replacement that somebody forces: its tags, its container, the other promotion", async () => {
    const urn = (await story.recorded("promotion"))?.urn ?? assert.fail("no promotion");
    const { code, stdout, stderr } = await story.project.run([
      "up",
      "--yes",
      "--skip-preview",
      "--replace",
      urn,
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /PromotedImage +promotion +(?:delet|replac|creat)/);
    for (const tag of ["production", "adopted", "by-hand", "elsewhere"]) {
      assert.equal(await at(tag), imageId, tag);
    }
    await assertRunning();
  });

  it("stays when one promotion is destroyed, with every tag that was not its own", async () => {
    await story.project.destroy();
    assert.equal(await at("production"), null);
    for (const tag of ["adopted", "by-hand", "elsewhere"]) assert.equal(await at(tag), imageId, tag);
    await assertRunning();
    assert.deepEqual((await other.preview()).changed(), []);
  });

  it("stays when its last tag goes, and what runs of it runs on", async () => {
    await docker(["image", "rm", story.tag("by-hand"), story.tag("adopted")]);
    await other.destroy();
    assert.equal(await at("elsewhere"), null);
    assert.equal(await imageExists(imageId), true);
    await assertRunning();
  });

  it("keeps its tag when its promotion gets another name, with a store or without one", async () => {
    for (const root of [undefined, "."]) {
      const target = root === undefined ? "renamed" : "renamed-with-receipts";
      const inputs = { source: imageId, targets: [story.tag(target)], expectedRevision: REVISION_A };
      const whole = root === undefined ? inputs : { ...inputs, root, requireVerified: false };
      await story.declare({ promotions: { before: whole } });
      await story.project.up({ skipPreview: true });
      await story.declare({ promotions: { after: whole } });
      const { stdout } = await story.project.up({ skipPreview: true });
      assert.equal(await at(target), imageId);
      const words = stdout.replace(/\s+/g, " ");
      assert.match(
        words,
        new RegExp(`not removed: ${story.tag(target)} urn:[^ ]*::after has promoted this image to it since`),
      );
    }
  });
});
