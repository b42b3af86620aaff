import assert from "node:assert/strict";
import { buildTiny } from "../support/docker";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";

/** A first promotion of an image with this label, and what is said of it. */
interface Refusal {
  claim: string;
  label: string | null;
  expected: string | undefined;
  /** More arguments, or other ones. */
  more?: Arguments;
  property: string;
  words: RegExp;
}

const REFUSALS: Refusal[] = [
  {
    claim: "another revision",
    label: REVISION_B,
    expected: REVISION_A,
    property: "expectedRevision",
    words: /provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1/,
  },
  {
    claim: "no revision label",
    label: null,
    expected: REVISION_A,
    property: "expectedRevision",
    words: /provenance fail-closed: image has no revision label/,
  },
  {
    claim: "an empty revision label",
    label: "",
    expected: REVISION_A,
    property: "expectedRevision",
    words: /provenance fail-closed: image has no revision label/,
  },
  {
    claim: "the label that a template prints for none",
    label: "<no value>",
    expected: REVISION_A,
    property: "expectedRevision",
    words: /provenance fail-closed: image has no revision label/,
  },
  {
    claim: "a short label that is the beginning of the expectation",
    label: REVISION_A.slice(0, 7),
    expected: REVISION_A,
    property: "expectedRevision",
    words: /provenance mismatch: image a1a1a1a != expected a1a1a1a1a1a1/,
  },
  {
    claim: "a short label, even when the expectation is as short",
    label: REVISION_A.slice(0, 7),
    expected: REVISION_A.slice(0, 7),
    property: "expectedRevision",
    words: /"a1a1a1a" is not a full git revision/,
  },
  {
    claim: "a label with white space around it",
    label: ` ${REVISION_A} `,
    expected: REVISION_A,
    property: "source",
    words: /is not a full git revision/,
  },
  {
    claim: "an expectation with white space around it",
    label: REVISION_A,
    expected: ` ${REVISION_A}`,
    property: "expectedRevision",
    words: /is not a full git revision/,
  },
  {
    claim: "an empty expectation",
    label: "",
    expected: "",
    property: "expectedRevision",
    words: /provenance fail-closed: empty expected revision/,
  },
  {
    claim: "no expectation at all",
    label: REVISION_A,
    expected: undefined,
    property: "expectedRevision",
    words: /is missing/,
  },
  {
    claim: "a source that is not there",
    label: null,
    expected: REVISION_A,
    more: { source: `sha256:${"0".repeat(64)}` },
    property: "source",
    words: /there is no image sha256:0+ on the engine/,
  },
];

describe("a promotion is refused", function () {
  this.timeout(180_000);
  let story: Story;
  let production: string;
  let standing: string;

  before(async () => {
    story = await startStory("refused", () => ({}));
    production = story.tag("production");
    standing = await buildTiny({ name: production, labels: story.images.labels });
  });
  after(() => story.end());

  const labelled = (label: string | null, name: string): Promise<string> =>
    buildTiny({
      name: story.tag(name),
      labels: { ...story.images.labels, ...(label === null ? {} : { [LABEL]: label }) },
    });

  REFUSALS.forEach(({ claim, label, expected, more, property, words }, index) => {
    it(`in the preview of a first promotion: ${claim}`, async () => {
      const source = await labelled(label, `candidate-${index}`);
      await story.declare({
        promotion: { source, targets: [production], expectedRevision: expected, ...more },
      });
      const { code, diagnostics } = await story.project.preview();
      assert.notEqual(code, 0);
      assert.match(diagnostics, new RegExp(`property ${property} value .* has a problem: `));
      assert.match(diagnostics, words);
      assert.equal(await story.pointsTo(production), standing);
    });
  });

  it("in an update without preview too, and the tag that was there stays where it was", async () => {
    const source = await labelled(REVISION_B, "candidate-update");
    await story.declare({ promotion: { source, targets: [production], expectedRevision: REVISION_A } });
    const { stdout } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(
      stdout,
      /provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1; no tag was moved/,
    );
    assert.equal(await story.pointsTo(production), standing);
    assert.equal(await story.recorded("promotion"), undefined);
  });

  it("of an image that follows a good one, in preview and update, and the good one stays", async () => {
    const good = await labelled(REVISION_A, "good");
    await story.declare({ promotion: { source: good, targets: [production], expectedRevision: REVISION_A } });
    await story.project.up({ skipPreview: true });
    const bad = await labelled(REVISION_B, "bad");
    await story.declare({ promotion: { source: bad, targets: [production], expectedRevision: REVISION_A } });
    const preview = await story.project.preview();
    assert.notEqual(preview.code, 0);
    assert.match(preview.diagnostics, /provenance mismatch: image b2b2b2b2b2b2 != expected a1a1a1a1a1a1/);
    await story.project.up({ skipPreview: true, expectFailure: true });
    assert.equal(await story.pointsTo(production), good);
    assert.equal((await story.recorded("promotion"))?.outputs?.imageId, good);
  });
});
