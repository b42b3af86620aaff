import assert from "node:assert/strict";
import { imageLabels } from "../support/docker";
import type { UpResult } from "../support/pulumi";
import type { Preview } from "../support/pulumi-preview";
import { IMAGE_OUTPUTS, PROMOTION_OUTPUTS, type ProgramSpec } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";
import type { OwnImages } from "../support/own-images";

const spec = ({ name, labels }: OwnImages): ProgramSpec => ({
  image: { layer: name, context: "app", root: "store", revision: REVISION_A, labels },
  promotion: { targets: [`${name}:production`], expectedRevision: REVISION_A },
});

describe("a first update", function () {
  this.timeout(180_000);
  let story: Story;
  let preview: Preview;
  let up: UpResult;
  const outputs = (name: string): Record<string, unknown> => up.outputs[name] as Record<string, unknown>;

  before(async () => {
    story = await startStory("first", spec);
    preview = await story.project.preview();
    up = await story.project.up();
  });
  after(() => story.end());

  it("is previewed without a side effect, and says that the verdict comes at the update", async () => {
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), ["image", "promotion"]);
    assert.match(preview.diagnostics, /the source is not known yet: the verdict comes at the update/);
  });

  it("gives every output that an image declares", () => {
    const image = outputs("image");
    assert.deepEqual(Object.keys(image).sort(), [...IMAGE_OUTPUTS].sort());
  });
});
