import assert from "node:assert/strict";
import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildTiny, docker } from "../support/docker";
import type { OwnImages } from "../support/own-images";
import type { Preview } from "../support/pulumi-preview";
import type { ProgramSpec } from "../support/pulumi-program";
import { COPY_RECIPE, REVISION_A, startStory, type Story } from "../support/pulumi-story";

const spec = ({ name, labels }: OwnImages): ProgramSpec => ({
  image: { name: name, context: "app", root: "store", revision: REVISION_A, labels },
  promotion: { targets: [`${name}:production`], expectedRevision: REVISION_A },
});

/** Which resources a preview would change, and its words of drift. */
function seen(preview: Preview): { changed: string[]; ops: string[]; drift: string[] } {
  assert.equal(preview.code, 0, preview.diagnostics);
  const drift = preview.diagnostics.split("\n").flatMap((line) => /drift: (.*)/.exec(line)?.[1] ?? []);
  const ops = [...new Set(preview.steps.map(({ op }) => op))].filter((op) => op !== "same");
  return { changed: preview.changed(), ops, drift };
}

describe("a plain preview, without refresh", function () {
  this.timeout(180_000);
  let story: Story;
  let imageId: string;
  let production: string;

  const up = async (): Promise<void> => {
    const { outputs } = await story.project.up({ skipPreview: true });
    imageId = (outputs.image as { imageId: string }).imageId;
  };
  const assertEmptyPreview = async (): Promise<void> => {
    assert.deepEqual(seen(await story.project.preview()), { changed: [], ops: [], drift: [] });
  };
  const storeFile = async (suffix: string): Promise<string> => {
    const { lockFile } = (await story.recorded("image"))?.outputs as { lockFile: string };
    return join(story.project.directory, lockFile.replace(/\.lock$/, suffix));
  };

  before(async () => {
    story = await startStory("drift", spec);
    production = story.tag("production");
    await up();
  });
  after(() => story.end());

  it("names what it found in the diff for people, as a property that changes and as a warning", async () => {
    await docker(["image", "rm", production]);
    const { code, stdout, stderr } = await story.project.previewText();
    await story.move(production, imageId);
    assert.equal(code, 0);
    assert.match(stderr, new RegExp(`warning: drift: tag gone: ${production} is no longer there`));
    assert.match(stdout, new RegExp(`[~+] live\\s*: .*"${production} is not there"`));
  });

  it("shows a tag that was moved by hand, and the next update puts it back", async () => {
    const other = await buildTiny({ name: story.tag("other"), labels: story.images.labels });
    await story.move(production, other);
    const preview = await story.project.preview();
    const { changed, ops, drift } = seen(preview);
    assert.deepEqual(changed, ["promotion"]);
    assert.deepEqual(ops, ["update"]);
    const short = (id: string): string => id.slice(7, 19);
    assert.match(
      drift.join("\n"),
      new RegExp(
        `^tag moved: ${production} points to ${short(other)}, but the promotion put it on ${short(imageId)};`,
      ),
    );
    assert.match(String(preview.step("promotion").newInputs.live), new RegExp(short(other)));
    await up();
    assert.equal(await story.pointsTo(production), imageId);
    await assertEmptyPreview();
  });

  it("shows a tag that was deleted, and the next update sets it again", async () => {
    await docker(["image", "rm", production]);
    const { changed, ops, drift } = seen(await story.project.preview());
    assert.deepEqual(changed, ["promotion"]);
    assert.deepEqual(ops, ["update"]);
    assert.match(drift.join("\n"), new RegExp(`^tag gone: ${production} is no longer there`));
    await up();
    assert.equal(await story.pointsTo(production), imageId);
    await assertEmptyPreview();
  });

  it("shows an image that is gone, and the next update builds and promotes it again", async () => {
    await docker(["image", "rm", "--force", imageId]);
    const { changed, ops, drift } = seen(await story.project.preview());
    assert.deepEqual(changed, ["image", "promotion"]);
    assert.deepEqual(ops, ["update"]);
    assert.match(drift.join("\n"), new RegExp(`image gone: ${story.images.name}:\\S+ \\(${imageId}\\)`));
    assert.match(drift.join("\n"), /tag gone: /);
    await up();
    assert.equal(await story.pointsTo(production), imageId);
    await assertEmptyPreview();
  });

  it("shows a lock that was changed, and the next update makes another round trip", async () => {
    const lock = await storeFile(".lock");
    await appendFile(lock, "\n");
    const { changed, drift } = seen(await story.project.preview());
    assert.match(drift.join("\n"), /^lock changed: /);
    assert.ok(changed.includes("image"));
    await up();
    assert.notEqual(await storeFile(".lock"), lock);
    await assertEmptyPreview();
  });

  it("shows a lock that is missing, and the next update makes another round trip", async () => {
    const lock = await storeFile(".lock");
    await rename(lock, `${lock}.away`);
    const missing = seen(await story.project.preview());
    assert.match(missing.drift.join("\n"), /^lock missing: /);
    assert.ok(missing.changed.includes("image"));
    await up();
    assert.notEqual(await storeFile(".lock"), lock);
    await assertEmptyPreview();
  });

  /** Does something to the build's mark, and expects the next update to rebuild and to write it anew. */
  async function healsMark(harm: (verified: string, unverified: string) => Promise<void>, words: RegExp) {
    const [verified, unverified] = [await storeFile(".verified"), await storeFile(".unverified")];
    const before = await readFile(verified, "utf8");
    await harm(verified, unverified);
    const { changed, drift } = seen(await story.project.preview());
    assert.ok(changed.includes("image"));
    assert.match(drift.join("\n"), words);
    await up();
    assert.equal(await storeFile(".verified"), verified, "the image was built again");
    assert.notEqual(await readFile(verified, "utf8"), before);
    await assert.rejects(readFile(unverified), { code: "ENOENT" });
    await assertEmptyPreview();
  }

  it("shows a mark that was flipped, and the next update verifies the same build again", () =>
    healsMark(rename, /^mark changed: verified when it was built, unverified now/));

  it("shows a mark that is gone, and the next update verifies the same build again", () =>
    healsMark(
      (verified) => rm(verified),
      /^mark changed: verified when it was built, unknown now \(the build has/,
    ));

  it("shows a mark that nobody understands, and the next update verifies the same build again", () =>
    healsMark(
      (verified) => writeFile(verified, "{}"),
      /^mark changed: verified when it was built, unknown now \(the mark .* can't be understood/,
    ));

  it("shows a base image that was moved, and the next update builds from what it is now", async () => {
    const base = story.tag("base");
    await buildTiny({ name: base, labels: story.images.labels, text: "old" });
    await story.project.write("app/Dockerfile", COPY_RECIPE.replace("scratch", base));
    await up();
    await assertEmptyPreview();
    const moved = await buildTiny({ name: base, labels: story.images.labels, text: "new" });
    const { changed, drift } = seen(await story.project.preview());
    assert.deepEqual(changed, ["image", "promotion"]);
    assert.match(drift.join("\n"), new RegExp(`^base image moved: ${base} is ${moved} now, and was sha256:`));
    await up();
    assert.equal((await story.recorded("image"))?.outputs?.verified, "verified");
    await assertEmptyPreview();
  });

  it("shows a changed recipe and a changed context, each in its own words", async () => {
    await story.project.write("app/Dockerfile", `${COPY_RECIPE}LABEL more=true\n`);
    await story.project.write("app/text", "other text\n");
    const { changed, ops, drift } = seen(await story.project.preview());
    assert.deepEqual(changed, ["image", "promotion"]);
    assert.deepEqual(ops, ["update"]);
    assert.match(drift.join("\n"), /^recipe changed: /m);
    assert.match(drift.join("\n"), /^context changed: /m);
    const former = imageId;
    await up();
    assert.notEqual(imageId, former);
    assert.equal(await story.pointsTo(production), imageId);
    await assertEmptyPreview();
  });
});
