import assert from "node:assert/strict";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { buildTiny } from "../support/docker";
import { inOrder } from "../support/in-order";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
const REASON = "INC-1: the index is down, approved by the night shift";
const MISMATCH = "provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1";

describe("a promotion with an overrideReason", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let production: string;
  let [wrong, alsoWrong, good] = ["", "", ""];

  const declare = (source: string, more: Arguments = {}): Promise<void> =>
    story.declare({
      promotion: {
        source,
        targets: [production],
        expectedRevision: REVISION_A,
        overrideReason: REASON,
        ...more,
      },
    });
  const outputs = async (): Promise<Record<string, unknown>> =>
    (await story.recorded("promotion"))?.outputs ?? assert.fail("no promotion");
  const up = async (): Promise<string> => (await story.project.up({ skipPreview: true })).stdout;

  before(async () => {
    story = await startStory("override", () => ({}));
    production = story.tag("production");
    const build = (name: string, revision: string): Promise<string> =>
      buildTiny({ name: story.tag(name), labels: { ...story.images.labels, [LABEL]: revision } });
    [wrong, alsoWrong] = [await build("wrong", REVISION_B), await build("also-wrong", REVISION_B)];
    good = await build("good", REVISION_A);
  });
  after(() => story.end());

  it("passes once, loudly in preview and update, and the state says what was refused", async () => {
    await declare(wrong, { root: "store" });
    const { code, diagnostics } = await story.project.preview();
    assert.equal(code, 0, diagnostics);
    const loud = new RegExp(
      `warning: .*GATE OVERRIDDEN: .*Reason given: "${REASON}"\\. Refused: \\(1\\) ${MISMATCH} \\(2\\) the image ${wrong} is not verified`,
    );
    assert.match(diagnostics, loud);
    assert.equal(await story.pointsTo(production), null);
    assert.match(await up(), loud);
    assert.equal(await story.pointsTo(production), wrong);
    const { verdict, override, imageId } = await outputs();
    assert.equal(imageId, wrong);
    assert.equal(verdict, MISMATCH, "the truth");
    const { reason, refused } = override as { reason: string; refused: string[] };
    assert.equal(reason, REASON);
    assert.equal(refused[0], MISMATCH);
    assert.match(refused[1] ?? "", /is not verified \(unknown\)/);
  });

  it("has nothing to do afterwards, says so every time, and heals a moved tag of the same image", async () => {
    const still = await story.project.preview();
    assert.equal(still.code, 0, still.diagnostics);
    assert.deepEqual(still.changed(), []);
    assert.match(still.diagnostics, /warning: .*GATE OVERRIDDEN/);
    await story.move(production, good);
    assert.match(await up(), /drift: tag moved/);
    assert.equal(await story.pointsTo(production), wrong);
  });

  it("is spent for another image, which a new reason lets pass", async () => {
    await declare(alsoWrong);
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(
      stdout,
      new RegExp(
        `property overrideReason .*"${REASON}" was spent on image ${wrong.slice(7, 19)} .*no tag was moved`,
      ),
    );
    assert.match(stdout, /property expectedRevision .*provenance mismatch: .*no tag was moved/);
    assert.equal(await story.pointsTo(production), wrong);
    await declare(alsoWrong, { overrideReason: "INC-2" });
    await up();
    assert.equal(await story.pointsTo(production), alsoWrong);
    assert.equal(((await outputs()).override as { reason: string }).reason, "INC-2");
  });

  it("stays spent after a good promotion, which needs none and says so", async () => {
    await declare(good);
    assert.match(await up(), /overrideReason is given, but nothing needs overriding/);
    const { verdict, override } = await outputs();
    assert.deepEqual([verdict, override], ["provenance match: a1a1a1a1a1a1", null]);
    await declare(wrong);
    const { diagnostics } = await story.project.preview();
    assert.match(diagnostics, /was spent on image/);
    assert.equal(await story.pointsTo(production), good);
  });

  it("covers an empty expectation, but neither an image that is not there nor an engine that is silent", async () => {
    await declare(wrong, { overrideReason: "INC-3", expectedRevision: "" });
    const empty = await story.project.preview();
    assert.equal(empty.code, 0, empty.diagnostics);
    assert.match(
      empty.diagnostics,
      /GATE OVERRIDDEN: .*\(1\) provenance fail-closed: empty expected revision/,
    );
    for (const [more, property, words] of [
      [{ source: `sha256:${"0".repeat(64)}` }, "source", /there is no image sha256:0+/],
      [{ host: "unix:///nonexistent.sock" }, "host", /Docker is not reachable/],
    ] as const) {
      const inputs = {
        source: wrong,
        targets: [production],
        expectedRevision: REVISION_A,
        overrideReason: "INC-3",
      };
      const { failures } = await promotion.check({}, { ...inputs, ...more });
      assert.match(failures.find((one) => one.property === property)?.reason ?? "", words);
    }
  });
});
