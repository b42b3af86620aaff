import assert from "node:assert/strict";
import type { Archive } from "../support/archive";
import type { AptSpec } from "../support/apt-archive";
import type { OwnImages } from "../support/own-images";
import type { Arguments } from "../support/pulumi-program";
import { driftOnce, driftingRecipe } from "../support/drifting-recipe";
import { inOrder } from "../support/in-order";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const image = ({ name, labels }: OwnImages): Arguments => ({
  name: name,
  context: "app",
  root: "store",
  revision: REVISION_A,
  labels,
});
const promotion = ({ name }: OwnImages): Arguments => ({
  targets: [`${name}:production`],
  expectedRevision: REVISION_A,
});

const DRIFT = {
  changed: [{ name: "dpkg:loose", from: "1.0", to: "2.0" }],
  added: [{ name: "dpkg:newcomer", version: "1.0" }],
  removed: [],
};
const NAMES = [/changed dpkg:loose 1\.0 -> 2\.0/, /added dpkg:newcomer 1\.0/];

/** A story whose recipe ignores the pins, with an archive that changes between the two builds. */
async function startDriftingStory(name: string, more: Arguments): Promise<Story> {
  const story = await startStory(name, (images) => ({
    image: { ...image(images), ...more },
    promotion: promotion(images),
  }));
  const archive: Archive<AptSpec> = await story.archive();
  await story.project.write("app/Dockerfile", driftingRecipe(archive));
  await driftOnce(archive);
  return story;
}

describe("a recipe that drifts by itself between the two builds", function () {
  this.timeout(1_800_000);

  describe("by default", () => {
    const it = inOrder();
    let story: Story;
    let imageId: string;
    const assertWarned = (text: string): void => {
      assert.match(text, /warning: unverified: dpkg:loose 1\.0 -> 2\.0, added dpkg:newcomer 1\.0/);
      for (const name of NAMES) assert.match(text, name);
    };

    before(async () => (story = await startDriftingStory("drifting", {})));
    after(() => story.end());

    it("ends unverified, with the right names, exit 0 and a warning that names each package", async () => {
      const { outputs, stdout } = await story.project.up({ skipPreview: true });
      const { imageId: id, verified, drift, reason } = outputs.image as Record<string, string>;
      imageId = String(id);
      assert.equal(verified, "unverified");
      assert.deepEqual(drift, DRIFT);
      assert.match(String(reason), /\S/);
      assertWarned(stdout);
      assert.match(stdout, /Diagnostics:\n[^]*\(image\):\n    warning: unverified: /);
    });

    it("is promoted all the same, since the promotion does not ask for more", async () => {
      assert.equal(await story.pointsTo(story.tag("production")), imageId);
    });

    it("keeps only the image of the loose build", async () => {
      assert.deepEqual(await story.images.ids(), [imageId]);
      assert.deepEqual(await story.images.containers(), []);
    });

    it("warns again in every later preview and update, which change and build nothing", async () => {
      const preview = await story.project.preview();
      assert.equal(preview.code, 0);
      assert.deepEqual(preview.changed(), []);
      assertWarned(preview.diagnostics);
      const { stdout } = await story.project.up({ skipPreview: true });
      assertWarned(stdout);
      assert.match(stdout, /3 unchanged/);
      assert.deepEqual(await story.images.ids(), [imageId]);
    });

    it("is refused by a promotion with a store to look in, in preview and update", async () => {
      await story.declare({
        image: image(story.images),
        promotion: { ...promotion(story.images), targets: [story.tag("strict")], root: "store" },
      });
      const { code, diagnostics } = await story.project.preview();
      assert.notEqual(code, 0);
      assert.match(
        diagnostics,
        /property requireVerified value .* has a problem: .* is not verified \(unverified\)/,
      );
      const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
      assert.match(stdout, /is not verified \(unverified\)/);
      assert.equal(await story.pointsTo(story.tag("strict")), null);
      assert.equal(await story.pointsTo(story.tag("production")), imageId);
    });
  });

  describe("with requireVerified", () => {
    const it = inOrder();
    let story: Story;
    let evidence: Record<string, unknown>;

    before(async () => (story = await startDriftingStory("required", { requireVerified: true })));
    after(() => story.end());

    it("fails the update, on one line that names the packages", async () => {
      const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
      const line = stdout.split("\n").find((text) => text.includes(" is not verified: "));
      for (const name of NAMES) assert.match(line ?? stdout, name);
    });

    it("keeps the evidence in the state", async () => {
      evidence = (await story.recorded("image"))?.outputs ?? {};
      assert.equal(evidence.verified, "unverified");
      assert.deepEqual(evidence.drift, DRIFT);
      assert.deepEqual(await story.images.ids(), [evidence.imageId]);
    });

    it("creates nothing that depends on the image", async () => {
      assert.equal(await story.recorded("promotion"), undefined);
      assert.equal(await story.pointsTo(story.tag("production")), null);
    });

    it("fails every later update too, without building again", async () => {
      const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
      assert.match(stdout, / is not verified: /);
      assert.doesNotMatch(stdout, /\bbuild \.\.\./);
      const { imageId, timestamp, verified, drift } = (await story.recorded("image"))?.outputs ?? {};
      assert.deepEqual(
        { imageId, timestamp, verified, drift },
        {
          imageId: evidence.imageId,
          timestamp: evidence.timestamp,
          verified: evidence.verified,
          drift: evidence.drift,
        },
      );
      assert.equal(await story.recorded("promotion"), undefined);
    });

    it("succeeds once the demand is dropped, with the image that is there", async () => {
      await story.declare({ image: image(story.images), promotion: promotion(story.images) });
      const { outputs } = await story.project.up({ skipPreview: true });
      const { imageId, verified } = outputs.image as Record<string, unknown>;
      assert.equal(imageId, evidence.imageId);
      assert.equal(verified, "unverified");
      assert.equal(await story.pointsTo(story.tag("production")), imageId);
    });
  });
});
