import assert from "node:assert/strict";
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import type { Receipt } from "../../provider/promote/receipts/receipt";
import { command } from "../engine/support/command";
import { buildTiny } from "../support/docker";
import { inOrder } from "../support/in-order";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
const short = (id: string): string => id.slice(7, 19);

/** What `history --json` prints. */
interface Printed {
  intact: boolean;
  problems: { line: number }[];
  promotions: (Receipt & { line: number })[];
  rollback: { source: string; expectedRevision: string } | null;
}

/** The program that the README shows: it goes forward, unless the configuration says back to what. */
const program = (source: string, expectedRevision: string, target: string): string => `
const pulumi = require("@pulumi/pulumi");
const { PromotedImage } = require("pulumi-verified-images");
const rollback = new pulumi.Config().getObject("rollback");
const production = new PromotedImage("production", {
  source: ${JSON.stringify(source)},
  expectedRevision: ${JSON.stringify(expectedRevision)},
  targets: [${JSON.stringify(target)}],
  root: "store",
  requireVerified: false,
  ...rollback,
});
exports.previous = production.previous;
`;

describe("receipts of promotions, and a rollback by them", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let production: string;
  let file: string;
  let [imageA, imageB] = ["", ""];

  async function history(...more: string[]): Promise<{ code: number; stdout: string; printed: Printed }> {
    const words = ["history", "--root", "store", ...more];
    const json = await command(story.project.directory, [...words, "--json"]);
    const { code, stdout, stderr } = await command(story.project.directory, words);
    assert.equal(code, json.code, stderr);
    return { code, stdout, printed: JSON.parse(json.stdout) as Printed };
  }
  const promoted = async (): Promise<unknown> => (await story.recorded("production"))?.outputs?.imageId;

  before(async () => {
    story = await startStory("receipts", () => ({}));
    production = story.tag("production");
    file = join(story.project.directory, "store", "promotions.jsonl");
    const build = (name: string, revision: string): Promise<string> =>
      buildTiny({ name: story.tag(name), labels: { ...story.images.labels, [LABEL]: revision } });
    imageA = await build("a", REVISION_A);
    imageB = await build("b", REVISION_B);
  });
  after(() => story.end());

  it("are none before the first promotion, and a preview writes none", async () => {
    await story.project.write("index.js", program(imageA, REVISION_A, production));
    await mkdir(join(story.project.directory, "store"));
    assert.equal((await story.project.preview()).code, 0);
    await assert.rejects(readFile(file), { code: "ENOENT" });
    const { code, stdout } = await history();
    assert.deepEqual([code, stdout], [0, "no promotions\n"]);
  });

  it("say who promoted what, when, with which verdict, and what was there before", async () => {
    await story.project.up({ skipPreview: true });
    await story.project.write("index.js", program(imageB, REVISION_B, production));
    await story.project.up({ skipPreview: true });
    const { code, printed } = await history();
    assert.deepEqual([code, printed.intact], [0, true]);
    const [second, first, ...more] = printed.promotions;
    assert.deepEqual(more, []);
    assert.ok(first && second);
    assert.deepEqual([first.line, first.imageId, first.previous], [1, imageA, { [production]: null }]);
    assert.deepEqual([second.line, second.imageId, second.previous], [2, imageB, { [production]: imageA }]);
    assert.deepEqual([second.by.user, second.by.host], [userInfo().username, hostname()]);
    assert.deepEqual([second.revision, second.expectedRevision], [REVISION_B, REVISION_B]);
    assert.equal(second.verdict, `provenance match: ${REVISION_B.slice(0, 12)}`);
    assert.deepEqual([second.verified, second.override, second.moved], ["unknown", null, [production]]);
    assert.equal(second.urn, (await story.recorded("production"))?.urn);
    assert.ok(Math.abs(Date.parse(second.at) - Date.now()) < 300_000);
  });

  it("give the one change that takes production back: a preview shows it, an update makes it", async () => {
    const { stdout, printed } = await history("--target", production);
    assert.deepEqual(printed.rollback, { source: imageA, expectedRevision: REVISION_A });
    const [, value = ""] = /^back to what it was: pulumi config set rollback '(.*)'$/m.exec(stdout) ?? [];
    await story.project.config("rollback", value);
    const preview = await story.project.preview();
    assert.equal(preview.step("production").op, "update");
    assert.equal(preview.step("production").newInputs.promotes, `${short(imageA)} (revision a1a1a1a1a1a1)`);
    const { outputs } = await story.project.up({ skipPreview: true });
    assert.equal(await story.pointsTo(production), imageA);
    assert.deepEqual(outputs.previous, { [production]: imageB });
    const { printed: after } = await history("--target", production);
    assert.deepEqual(
      after.promotions.map(({ imageId }) => imageId),
      [imageA, imageB, imageA],
    );
    assert.deepEqual(after.promotions[0]?.previous, { [production]: imageB });
    assert.deepEqual(after.rollback, { source: imageB, expectedRevision: REVISION_B });
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("are demanded: where none can be written, nothing is promoted", async () => {
    await story.project.run(["config", "rm", "rollback"]);
    await rename(file, `${file}.away`);
    await mkdir(file);
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(stdout, /no receipt can be written to \S+promotions\.jsonl \(EISDIR.*\); no tag was moved/);
    assert.equal(await story.pointsTo(production), imageA);
    assert.equal(await promoted(), imageA);
    await rm(file, { recursive: true });
    await rename(`${file}.away`, file);
  });

  it("that fail after the tag was moved fail the update, which the state knows, and the next one writes it", async () => {
    // A crash has cut a line off, and what was cut off can't be put aside.
    await appendFile(file, '{"at":');
    await mkdir(`${file}.torn`);
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(
      stdout,
      new RegExp(
        `${production} now names ${imageB}, but the receipt could not be written to \\S+: EISDIR.*; ` +
          "the next update judges again, and writes it",
      ),
    );
    assert.deepEqual([await story.pointsTo(production), await promoted()], [imageB, imageB]);
    assert.equal((await history()).code, 1);
    await rm(`${file}.torn`, { recursive: true });
    const { stdout: said, outputs } = await story.project.up({ skipPreview: true });
    assert.match(said, /the last line of \S+promotions\.jsonl was cut off, by a crash it seems/);
    assert.equal(await readFile(`${file}.torn`, "utf8"), '{"at":\n');
    assert.deepEqual(outputs.previous, { [production]: imageA });
    const { code, printed } = await history();
    assert.equal(code, 0);
    const [last] = printed.promotions;
    assert.deepEqual([last?.line, last?.imageId, last?.moved], [4, imageB, []]);
    assert.notEqual(last?.torn, null);
  });

  it("that somebody has edited are named by their line, with exit code 1", async () => {
    const whole = await readFile(file, "utf8");
    await writeFile(file, whole.replace(imageA, imageB));
    const { code, stdout, printed } = await history("--target", production);
    assert.deepEqual([code, printed.intact, printed.rollback], [1, false, null]);
    assert.deepEqual(
      printed.problems.map(({ line }) => line),
      [1],
    );
    assert.match(stdout, /^BROKEN: line 1 of \S+ was changed after it was written$/m);
    await writeFile(file, whole);
  });
});
