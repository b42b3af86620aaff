import assert from "node:assert/strict";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { buildTiny, imageId } from "../support/docker";
import { ownImages } from "../support/own-images";
import { REVISION_A, REVISION_B } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";

/** What Pulumi calls once its own check has passed: here with an image that has changed since that check. */
describe("the moment before tagging", function () {
  this.timeout(60_000);
  const images = ownImages("again");
  const production = `${images.name}:production`;
  const candidate = `${images.name}:candidate`;
  let standing: string;

  const build = (name: string, revision: string): Promise<string> =>
    buildTiny({ name, labels: { ...images.labels, [LABEL]: revision } });
  const inputs = (source: string): Record<string, unknown> => ({
    source,
    targets: [production],
    expectedRevision: REVISION_A,
  });
  const refused =
    /was not promoted, and no tag was moved: provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1/;

  before(async () => {
    standing = await build(production, REVISION_A);
    await build(candidate, REVISION_B);
  });
  after(() => images.clean());

  it("is judged again in a create, and nothing is tagged", async () => {
    await assert.rejects(promotion.create(inputs(candidate)), refused);
    await assert.rejects(promotion.create(inputs(await imageId(candidate))), refused);
    assert.equal(await imageId(production), standing);
  });

  it("is judged again in an update, and nothing is tagged or untagged", async () => {
    const dropped = `${images.name}:dropped`;
    await build(dropped, REVISION_A);
    const olds = { ...inputs(standing), imageId: await imageId(dropped), targets: [production, dropped] };
    await assert.rejects(promotion.update(production, olds, inputs(candidate)), refused);
    assert.equal(await imageId(production), standing);
    assert.equal(await imageId(dropped), olds.imageId);
  });
});
