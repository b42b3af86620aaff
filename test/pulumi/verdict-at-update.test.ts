import assert from "node:assert/strict";
import { buildTiny } from "../support/docker";
import { inOrder } from "../support/in-order";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

describe("a mismatch that only the update can see", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let production: string;
  let standing: string;

  const declare = (more: Arguments): Promise<void> => {
    const { name, labels } = story.images;
    return story.declare({
      image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
      promotion: { targets: [production], expectedRevision: REVISION_B, ...more },
    });
  };

  before(async () => {
    story = await startStory("late", () => ({}));
    production = story.tag("production");
    standing = await buildTiny({ name: production, labels: story.images.labels });
    await declare({});
  });
  after(() => story.end());

  it("passes the preview, which says so, and warns of a target that `immutable` will not let move", async () => {
    await declare({ immutable: true });
    const { code, diagnostics } = await story.project.preview();
    assert.equal(code, 0, diagnostics);
    const words = `${production} stands for ${standing} already, and immutable: true moves no tag: the update fails`;
    assert.ok(diagnostics.includes(words), diagnostics);
    assert.match(diagnostics, /the verdict comes at the update: the source is not known yet/);
    await declare({});
  });

  it("fails the update, and no tag is moved", async () => {
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(stdout, /provenance mismatch: image a1a1a1a1a1a1 != expected b2b2b2b2b2b2/);
    assert.match(stdout, /no tag was moved/);
    assert.equal(await story.pointsTo(production), standing);
    assert.equal(await story.recorded("promotion"), undefined);
    assert.equal((await story.recorded("image"))?.outputs?.verified, "verified");
  });

  it("fails the next preview, now that the source is known", async () => {
    const { code, diagnostics } = await story.project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /provenance mismatch: image a1a1a1a1a1a1 != expected b2b2b2b2b2b2/);
    assert.equal(await story.pointsTo(production), standing);
  });
});
