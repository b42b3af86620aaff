import assert from "node:assert/strict";
import { buildTiny, removeImage } from "../support/docker";
import { inOrder } from "../support/in-order";
import type { Preview } from "../support/pulumi-preview";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
const short = (id: string): string => id.slice(7, 19);
const words = (id: string, revision: string): string => `${short(id)} (revision ${revision.slice(0, 12)})`;

describe("what previews and refreshes say of a promotion", function () {
  this.timeout(1_800_000);
  let story: Story;
  let production: string;
  let [imageA, imageB] = ["", ""];

  const declare = (source: string, expectedRevision: string, more: Arguments = {}): Promise<void> =>
    story.declare({ promotion: { source, targets: [production], expectedRevision, ...more } });
  const promotes = (preview: Preview): unknown => preview.step("promotion").newInputs.promotes;
  const quiet = async (): Promise<Preview> => {
    const preview = await story.project.preview();
    assert.deepEqual([preview.code, preview.changed()], [0, []], preview.diagnostics);
    return preview;
  };
  /** No stack trace of the provider's, and not Pulumi's words for one. */
  const assertNoDump = (text: string): void =>
    assert.doesNotMatch(text, /^\s+at .*\(.*:\d+:\d+\)|Unhandled|node_modules/m);
  const build = (name: string, revision: string): Promise<string> =>
    buildTiny({ name: story.tag(name), labels: { ...story.images.labels, [LABEL]: revision } });
  const start = async (): Promise<void> => {
    story = await startStory("words", () => ({}));
    production = story.tag("production");
    imageA = await build("a", REVISION_A);
    imageB = await build("b", REVISION_B);
  };

  describe("from one image to the next", () => {
    const it = inOrder();
    before(start);
    after(() => story.end());

    it("names the image of a first promotion", async () => {
      await declare(imageA, REVISION_A);
      const preview = await story.project.preview();
      assert.equal(preview.step("promotion").op, "create");
      assert.equal(promotes(preview), words(imageA, REVISION_A));
      await story.project.up({ skipPreview: true });
    });

    it("shows another image as an update, with short IDs and revisions of both", async () => {
      await declare(imageB, REVISION_B);
      const preview = await story.project.preview();
      assert.equal(preview.step("promotion").op, "update");
      assert.equal(promotes(preview), words(imageB, REVISION_B));
      const [then, now] = [words(imageA, REVISION_A), words(imageB, REVISION_B)];
      assert.ok(preview.diagnostics.includes(`promotes ${now} in place of ${then}`), preview.diagnostics);
      const { stdout, stderr } = await story.project.previewText();
      const line = /~ promotes\s*: (.*)/.exec(stdout)?.[1];
      assert.equal(line, `"${then}" => "${now}"`, stdout);
      assert.ok(`${stdout}${stderr}`.includes(`promotes ${now} in place of ${then}`), stdout + stderr);
      const plain = await story.project.run(["preview"]);
      assert.match(plain.stdout, /PromotedImage +promotion +update .*\[diff: .*promotes/);
      await story.project.up({ skipPreview: true });
    });

    it("sees nothing new in a state of the version before, which did not say what it promotes", async () => {
      const state = await story.project.exportState();
      for (const { inputs } of state.deployment.resources ?? []) delete inputs?.promotes;
      await story.project.write("old.json", JSON.stringify(state));
      const { code, stderr } = await story.project.run(["stack", "import", "--file", "old.json"]);
      assert.equal(code, 0, stderr);
      await quiet();
    });

    it("says known after apply of an image that is still to be built", async () => {
      const { name, labels } = story.images;
      await story.declare({
        image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
        promotion: { targets: [production], expectedRevision: REVISION_A },
      });
      const preview = await story.project.preview();
      assert.equal(preview.code, 0, preview.diagnostics);
      assert.equal(promotes(preview), "known after apply");
      assert.equal(preview.step("promotion").op, "update");
      const { stdout } = await story.project.previewText();
      assert.match(stdout, /[~+] promotes\s*: .*"known after apply"/);
    });
  });

  describe("whose source is a name that goes", () => {
    let candidate: string;
    before(async () => {
      await start();
      candidate = story.tag("candidate");
      await story.move(candidate, imageA);
      await declare(candidate, REVISION_A);
      await story.project.up({ skipPreview: true });
    });
    beforeEach(async () => {
      await declare(candidate, REVISION_A);
      await story.move(production, imageA);
      for (const tag of [candidate, story.tag("a")]) await removeImage(tag);
    });
    after(() => story.end());

    it("is nothing to do while its target still has the image, and is said in words", async () => {
      const { diagnostics } = await quiet();
      assert.match(
        diagnostics,
        new RegExp(
          `source gone: ${candidate} is no longer there\n  The image ${short(imageA)} was promoted from it, and ` +
            `${production} still names it\\.\n  There is nothing to do`,
        ),
      );
      assertNoDump(diagnostics);
    });

    it("is told by a refresh, which keeps the promotion", async () => {
      const { stdout, stderr } = await story.project.refresh();
      assert.match(stdout + stderr, new RegExp(`drift: source gone: ${candidate} is no longer there`));
      assert.equal((await story.recorded("promotion"))?.outputs?.imageId, imageA);
    });

    it("is judged by the image that its target has: another revision refuses it", async () => {
      await declare(candidate, REVISION_B);
      const { code, diagnostics } = await story.project.preview();
      assert.notEqual(code, 0);
      assert.match(diagnostics, /provenance mismatch: image a1a1a1a1a1a1 != expected b2b2b2b2b2b2/);
      assert.equal(await story.pointsTo(production), imageA);
    });

    it("fails in words when its target has another image too, and nothing is moved", async () => {
      await story.move(story.tag("a"), imageA);
      await story.move(production, imageB);
      const { code, diagnostics } = await story.project.preview();
      assert.notEqual(code, 0);
      assert.match(
        diagnostics,
        new RegExp(
          `property source value .* has a problem: there is no image ${candidate} on the engine; .*; ` +
            `${production} names ${short(imageB)}; no tag was moved`,
        ),
      );
      assertNoDump(diagnostics);
      assert.equal(await story.pointsTo(production), imageB);
    });

    it("is another image by that name, with another label: a preview refuses it, a refresh says it", async () => {
      await story.move(candidate, imageB);
      const { code, diagnostics } = await story.project.preview();
      assert.notEqual(code, 0);
      assert.match(diagnostics, /provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1/);
      const { stdout, stderr } = await story.project.refresh();
      const [now, then] = [words(imageB, REVISION_B), words(imageA, REVISION_A)];
      const said = `drift: source moved: ${candidate} is ${now} now; ${then} was promoted`;
      assert.ok((stdout + stderr).includes(said), stdout + stderr);
      assert.equal(await story.pointsTo(production), imageA);
    });

    it("promotes that image to one more target, by its ID", async () => {
      const canary = story.tag("canary");
      await declare(candidate, REVISION_A, { targets: [production, canary] });
      await story.project.up({ skipPreview: true });
      assert.equal(await story.pointsTo(canary), imageA);
    });
  });
});
