import assert from "node:assert/strict";
import { existsSync, lstatSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { imageRevision } from "../../provider/build/functions/on-call";
import { fakerootFlags } from "../../provider/engines/apptainer/fakeroot";
import { findApptainer } from "../../provider/engines/apptainer/find";
import { idAt } from "../../provider/promote/sif/open-sif";
import { describeWithApptainer } from "../support/apptainer";
import { runChild } from "../support/child";
import { inOrder } from "../support/in-order";
import type { Preview } from "../support/pulumi-preview";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const TARGET = "live/tool.sif";
const short = (id: string): string => id.slice(7, 19);

describeWithApptainer("a SIF image that is promoted", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let [imageA, imageB] = ["", ""];
  const at = (path: string): string => join(story.project.directory, path);
  const image = (revision: string): Arguments => ({
    ...{ name: "tool", recipe: "app/tool.def", context: "app", root: "store", retain: 1, revision },
  });
  const promotion = (expectedRevision: string, more: Arguments = {}): Arguments => ({
    ...{ targets: [TARGET], expectedRevision, root: "store" },
    ...more,
  });
  const up = async (): Promise<Record<string, unknown>> =>
    (await story.project.up({ skipPreview: true })).outputs.promotion as Record<string, unknown>;
  const refused = async (...words: (string | RegExp)[]): Promise<void> => {
    const before = await idAt(at(TARGET));
    const preview = await story.project.preview();
    assert.notEqual(preview.code, 0);
    for (const said of words) {
      const isThere =
        typeof said === "string" ? preview.diagnostics.includes(said) : said.test(preview.diagnostics);
      assert.ok(isThere, `${String(said)} is not in:\n${preview.diagnostics}`);
    }
    assert.equal(await idAt(at(TARGET)), before);
  };
  const drifted = async (words: RegExp): Promise<Preview> => {
    const preview = await story.project.preview();
    assert.equal(preview.step("promotion").op, "update");
    assert.match(preview.diagnostics, words);
    return preview;
  };
  /** Builds an image beside the product, as a user would by hand. */
  const buildByHand = async (name: string, definition: string): Promise<void> => {
    await story.project.write(`app/${name}.def`, definition);
    const { path } = await findApptainer();
    const args = ["build", "--force", ...(await fakerootFlags()), `${name}.sif`, `${name}.def`];
    const { code, stderr } = await runChild(path, args, { cwd: at("app"), env: process.env });
    assert.equal(code, 0, stderr);
  };

  before(async () => {
    story = await startStory("sif", () => ({}), {
      "app/tool.def": "Bootstrap: scratch\n%files\n    text /text\n",
    });
    await mkdir(at("live"));
  });
  after(() => story.end());

  it("is built, verified and linked to its target by one update", async () => {
    await story.declare({ image: image(REVISION_A), promotion: promotion(REVISION_A) });
    const preview = await story.project.preview();
    assert.equal(preview.step("promotion").newInputs.promotes, "known after apply");
    assert.equal(existsSync(at(TARGET)), false);
    const { outputs } = await story.project.up({ skipPreview: true });
    const built = outputs.image as Record<string, string>;
    const promoted = outputs.promotion as Record<string, unknown>;
    imageA = built.imageId ?? "";
    assert.deepEqual(promoted, {
      ...{ imageId: imageA, digest: null, revision: REVISION_A, verified: "verified", targets: [TARGET] },
      ...{
        previous: { [TARGET]: null },
        verdict: `provenance match: ${REVISION_A.slice(0, 12)}`,
        override: null,
      },
      promotedAt: promoted.promotedAt,
    });
    assert.ok(lstatSync(at(TARGET)).isFile());
    assert.equal(await idAt(at(built.reference ?? "")), imageA);
    assert.equal(await idAt(at(TARGET)), imageA);
    assert.equal(await imageRevision(at(TARGET)), REVISION_A);
    assert.deepEqual(await readdir(at("live")), ["tool.sif"]);
  });

  it("shows nothing to do as long as nothing has changed", async () => {
    const preview = await story.project.preview();
    assert.deepEqual([preview.code, preview.changed()], [0, []], preview.diagnostics);
  });

  it("is put back when somebody has replaced its file, or removed it", async () => {
    await copyFile(at("app/text"), at("live/other"));
    await rename(at("live/other"), at(TARGET));
    await drifted(
      new RegExp(`file changed: ${TARGET} is [0-9a-f]{12}, but ${short(imageA)} was promoted to it`),
    );
    await up();
    assert.equal(await idAt(at(TARGET)), imageA);
    await rm(at(TARGET));
    await drifted(
      new RegExp(`file gone: ${TARGET} is no longer there, but ${short(imageA)} was promoted to it`),
    );
    await up();
    assert.equal(await idAt(at(TARGET)), imageA);
  });

  it("is refused in preview where another revision is expected", async () => {
    await story.declare({ image: image(REVISION_A), promotion: promotion(REVISION_B) });
    await refused(
      `provenance mismatch: image ${REVISION_A.slice(0, 12)} != expected ${REVISION_B.slice(0, 12)}; no file was replaced`,
    );
  });

  it("is replaced by the next one, and stays in the store for a rollback", async () => {
    await story.declare({ image: image(REVISION_B), promotion: promotion(REVISION_B) });
    const promoted = await up();
    imageB = String(promoted.imageId);
    assert.notEqual(imageB, imageA);
    assert.deepEqual(promoted.previous, { [TARGET]: imageA });
    assert.equal(await idAt(at(TARGET)), imageB);
    await story.declare({ image: image(REVISION_B), promotion: promotion(REVISION_A, { source: imageA }) });
    const back = await up();
    assert.deepEqual([back.imageId, back.previous], [imageA, { [TARGET]: imageB }]);
    assert.equal(await idAt(at(TARGET)), imageA);
    assert.equal(await imageRevision(at(TARGET)), REVISION_A);
  });

  it("has receipts that name the file as seen from the store", async () => {
    const lines = (await readFile(at("store/promotions.jsonl"), "utf8")).trim().split("\n");
    const receipts = lines.map((line) => JSON.parse(line) as { targets: string[]; imageId: string });
    assert.deepEqual(new Set(receipts.flatMap(({ targets }) => targets)), new Set([`../${TARGET}`]));
    assert.equal(receipts.at(-1)?.imageId, imageA);
  });

  it("is refused where its label may be that of the image that it is built on", async () => {
    await copyFile(at(TARGET), at("app/base.sif"));
    await buildByHand("heir", "Bootstrap: localimage\nFrom: base.sif\n%environment\n    export A=b\n");
    const byHand = (name: string, revision: string): Arguments => ({
      ...{ targets: [TARGET], source: `app/${name}.sif`, expectedRevision: revision },
    });
    await story.declare({ promotion: byHand("heir", REVISION_A) });
    await refused(
      "may be inherited and not its own: localimage base.sif, which it is built on, has the same",
      "%labels in the definition",
    );
    await buildByHand(
      "own",
      `Bootstrap: localimage\nFrom: base.sif\n%labels\n    org.opencontainers.image.revision ${REVISION_B}\n`,
    );
    await story.declare({ promotion: byHand("own", REVISION_B) });
    const { code, diagnostics } = await story.project.preview();
    assert.equal(code, 0, diagnostics);
  });

  it("is refused with what is wrong where it is damaged, is none, or has nowhere to go", async () => {
    const asked = { expectedRevision: REVISION_B, targets: [TARGET] };
    await copyFile(at("app/own.sif"), at("app/cut.sif"));
    await truncate(at("app/cut.sif"), 37_000);
    await story.declare({ promotion: { ...asked, source: "app/cut.sif" } });
    await refused(/property source value .* app\/cut\.sif can't be read as a SIF image: it is cut short/);
    await story.declare({ promotion: { ...asked, source: "app/none.sif" } });
    await refused(/property source value .* there is no SIF image app\/none\.sif: no file has this path/);
    await story.declare({ promotion: { ...asked, source: "./app/text" } });
    await refused(/app\/text can't be read as a SIF image: it is cut short|it does not begin like one/);
    await story.declare({ promotion: { ...asked, source: "app/own.sif", targets: ["mount/tool.sif"] } });
    await refused(
      /property targets value .* mount\/tool\.sif: its folder mount is not there; make the folder, or mount/,
    );
    await story.declare({
      promotion: { ...asked, source: "app/own.sif", targets: ["app"], engine: "apptainer" },
    });
    await refused(/property targets value .* app:latest is a tag, but a SIF image is promoted to paths/);
  });

  it("stays where it is when only the spelling of its path changes", async () => {
    await symlink("live", at("alias"));
    await story.declare({ promotion: promotion(REVISION_A, { source: imageA }) });
    await up();
    await story.declare({
      promotion: promotion(REVISION_A, { source: imageA, targets: ["alias/tool.sif"] }),
    });
    await up();
    assert.equal(await idAt(at(TARGET)), imageA);
  });

  it("leaves what somebody else has put there when it is destroyed, and takes away what it has put", async () => {
    const targets = [TARGET, "live/second.sif"];
    // By its other spelling the file counted as one that was there before.
    await rm(at(TARGET));
    await story.declare({ promotion: promotion(REVISION_A, { source: imageA, targets }) });
    await up();
    await rm(at("live/second.sif"));
    await copyFile(at("app/text"), at("live/second.sif"));
    const { stdout } = await story.project.destroy();
    assert.match(
      stdout,
      /not removed: live\/second\.sif\s+Someone else has moved it to another image meanwhile/,
    );
    assert.match(stdout, /rm live\/second\.sif/);
    assert.deepEqual(await readdir(at("live")), ["second.sif"]);
    assert.ok((await readdir(at("store/tool"))).some((name) => name.endsWith(".sif")));
  });
});
