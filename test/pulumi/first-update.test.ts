import assert from "node:assert/strict";
import { imageLabels } from "../support/docker";
import type { OwnImages } from "../support/own-images";
import type { UpResult } from "../support/pulumi";
import type { Preview } from "../support/pulumi-preview";
import { IMAGE_OUTPUTS, PROMOTION_OUTPUTS, type ProgramSpec } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const spec = ({ name, labels }: OwnImages): ProgramSpec => ({
  image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
  promotion: { targets: [`${name}:production`], expectedRevision: REVISION_A },
});

describe("a first update", function () {
  this.timeout(1_800_000);
  let story: Story;
  let preview: Preview;
  let imagesAfterPreview: string[];
  let up: UpResult;
  const outputs = (name: string): Record<string, unknown> => up.outputs[name] as Record<string, unknown>;

  before(async () => {
    story = await startStory("first", spec);
    preview = await story.project.preview();
    imagesAfterPreview = await story.images.ids();
    up = await story.project.up({ skipPreview: true });
  });
  after(() => story.end());

  it("is previewed without building, and the preview says that the verdict comes at the update", () => {
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), ["image", "promotion"]);
    assert.match(preview.diagnostics, /the verdict comes at the update: the source is not known yet/);
    assert.doesNotMatch(preview.diagnostics, /immutable/);
    assert.deepEqual(imagesAfterPreview, []);
  });

  it("gives every output that an image declares, and null where there is nothing", () => {
    const image = outputs("image");
    assert.deepEqual(Object.keys(image).sort(), [...IMAGE_OUTPUTS].sort());
    const { imageId, timestamp, lockHash, recipeHash, contextHash, ...rest } = image as Record<
      string,
      string
    >;
    for (const hash of [imageId, lockHash, recipeHash, contextHash])
      assert.match(String(hash), /^sha256:[0-9a-f]{64}$/);
    assert.match(String(timestamp), /^\d{8}T\d{9}Z$/);
    const { name } = story.images;
    const stem = `store/${name}/${name}-${timestamp}`;
    assert.deepEqual(rest, {
      digest: null,
      reference: `${name}:${timestamp}`,
      lockFile: `${stem}.lock`,
      lockedRecipe: `${stem}.Dockerfile`,
      buildLog: `${stem}.build.log`,
      baseImages: [],
      packages: { file: 1 },
      unpinned: [],
      notCaptured: [],
      verified: "verified",
      proof: "round trip",
      drift: { changed: [], added: [], removed: [] },
      reason: null,
      revision: REVISION_A,
    });
  });

  it("gives every output that a promotion declares, and the verdict word for word", () => {
    const promotion = outputs("promotion");
    assert.deepEqual(Object.keys(promotion).sort(), [...PROMOTION_OUTPUTS].sort());
    const { promotedAt, ...rest } = promotion;
    assert.match(String(promotedAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.deepEqual(rest, {
      imageId: outputs("image").imageId,
      digest: null,
      revision: REVISION_A,
      verified: "unknown",
      targets: [story.tag("production")],
      previous: { [story.tag("production")]: null },
      verdict: "provenance match: a1a1a1a1a1a1",
      override: null,
    });
  });

  it("records every declared output in the state, so that none is unknown in a later preview", async () => {
    for (const [name, declared] of [
      ["image", IMAGE_OUTPUTS],
      ["promotion", PROMOTION_OUTPUTS],
    ] as const) {
      const recorded = (await story.recorded(name))?.outputs ?? {};
      const missing = declared.filter((output) => !Object.hasOwn(recorded, output));
      assert.deepEqual(missing, []);
    }
  });

  it("points the tag at the image, which carries the revision", async () => {
    const { imageId } = outputs("image");
    assert.equal(await story.pointsTo(story.tag("production")), imageId);
    const labels = await imageLabels(String(imageId));
    assert.equal(labels["org.opencontainers.image.revision"], REVISION_A);
  });

  it("says each step of the round trip as it starts and ends, with seconds", () => {
    for (const step of ["build", "capture", "lock", "locked rebuild", "compare"]) {
      assert.match(up.stdout, new RegExp(`\\b${step} \\.\\.\\.`));
      assert.match(up.stdout, new RegExp(`\\b${step} done after \\d+\\.\\d s`));
    }
  });

  it("keeps of all that the verdict alone, under its resource", () => {
    const [, diagnostics = ""] = up.stdout.split("\nDiagnostics:\n").slice(-2);
    const [, words = ""] = /ReproducibleImage \(image\):\n([^]*?)\n\n/.exec(diagnostics) ?? [];
    const { reference } = outputs("image") as { reference: string };
    assert.equal(words.trim(), `verified, no packages, 1 file compared; ${reference}`);
  });

  it("leaves one image and no container", async () => {
    assert.deepEqual(await story.images.ids(), [outputs("image").imageId]);
    assert.deepEqual(await story.images.containers(), []);
  });

  it("is followed by an update that changes and builds nothing", async () => {
    const again = await story.project.up({ skipPreview: true });
    assert.deepEqual(again.outputs, up.outputs);
    assert.match(again.stdout, /3 unchanged/);
    assert.doesNotMatch(again.stdout, /\bbuild \.\.\./);
    assert.deepEqual(await story.images.ids(), [outputs("image").imageId]);
  });

  it("is followed by a refresh without changes, and an empty preview after it", async () => {
    const before = await story.project.exportState();
    const { stdout } = await story.project.refresh();
    assert.match(stdout, /3 unchanged/);
    const resources = (state: typeof before): unknown[] =>
      (state.deployment.resources ?? []).map(({ urn, outputs }) => ({ urn, outputs }));
    assert.deepEqual(resources(await story.project.exportState()), resources(before));
    const empty = await story.project.preview();
    assert.equal(empty.code, 0);
    assert.deepEqual(empty.changed(), [], empty.diagnostics);
    assert.deepEqual([...new Set(empty.steps.map(({ op }) => op))], ["same"]);
    assert.doesNotMatch(empty.diagnostics, /drift: /);
  });
});
