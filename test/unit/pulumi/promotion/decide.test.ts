import assert from "node:assert/strict";
import type { Digest, ImageId } from "../../../../provider/base/reference/types";
import type { Previous } from "../../../../provider/promote/apply/point-all";
import {
  adoptedAfter,
  changedInputs,
  driftOf,
  isPromoted,
  previousOf,
  replacedWords,
  stillInPlace,
} from "../../../../provider/pulumi/promotion/decide";
import type { Standing } from "../../../../provider/pulumi/promotion/observe";
import { readState } from "../../../../provider/pulumi/promotion/state";
import { imageWords } from "../../../../provider/pulumi/promotion/words";
import { parseImageId } from "../../../../provider/base/reference/digest";
import { id } from "../../store/scratch";

const INPUTS = { source: "web:1", targets: ["web:production", "web"], expectedRevision: "a".repeat(40) };
const STATE = { ...INPUTS, targets: ["web:production", "web:latest"], imageId: id("a"), verified: "unknown" };
const facts = (
  changes: Record<string, Digest | null> = {},
  sourceId: ImageId | null = id("a"),
  revision?: string,
): Standing => ({
  source: sourceId && { id: sourceId, revision, fromRegistry: false },
  sourceGone: false,
  targets: { "web:production": id("a"), "web:latest": id("a"), ...changes },
});
const diffPromotion = (
  state: Record<string, unknown>,
  inputs: Record<string, unknown>,
  standing: Standing,
): { inputs: string[]; drift: string[] } => {
  const read = readState(state);
  const changed = changedInputs(read, inputs);
  const drift = driftOf(read, standing, String(inputs.source), changed);
  for (const { todo } of drift) assert.match(todo, /^Run `pulumi up`: it judges /);
  return { inputs: changed, drift: drift.map(({ what }) => what) };
};

describe("what has changed since a promotion", () => {
  it("finds nothing where nothing has changed, in whatever form and order the targets are written", () => {
    assert.deepEqual(diffPromotion(STATE, INPUTS, facts()), { inputs: [], drift: [] });
    const other = { targets: ["library/web:latest", "web:production"], live: "x", __provider: "y" };
    const inputs = { ...INPUTS, ...other };
    assert.deepEqual(diffPromotion(STATE, inputs, facts()), { inputs: [], drift: [] });
  });

  for (const [name, value] of Object.entries({
    source: "web:2",
    expectedRevision: "b".repeat(40),
    host: "x",
    engine: "docker",
    root: "x",
    requireVerified: false,
    enabled: false,
  })) {
    it(`sees a change of ${name}`, () =>
      assert.deepEqual(diffPromotion(STATE, { ...INPUTS, [name]: value }, facts()).inputs, [name]));
  }

  it("takes a store that is given for receipts alone for no change, and one that is asked for a verdict for one", () => {
    const receipts = { ...INPUTS, root: "store", requireVerified: false };
    assert.deepEqual(diffPromotion(STATE, receipts, facts()).inputs, []);
    assert.deepEqual(diffPromotion(STATE, { ...INPUTS, root: "store" }, facts()).inputs, ["root"]);
    const asked = { ...STATE, root: "store" };
    assert.deepEqual(diffPromotion(asked, receipts, facts()).inputs, ["requireVerified"]);
  });

  it("names the revisions of a source that moved, where they are known", () => {
    const moved = facts({}, id("b"), "b2".repeat(20));
    assert.deepEqual(diffPromotion({ ...STATE, revision: "a1".repeat(20) }, INPUTS, moved).drift, [
      "source moved: web:1 is bbbbbbbbbbbb (revision b2b2b2b2b2b2) now; aaaaaaaaaaaa (revision a1a1a1a1a1a1) was promoted",
    ]);
  });

  it("sees a target added, taken away, or not known yet", () => {
    for (const targets of [[...INPUTS.targets, "web:more"], ["web"], [], "unknown"])
      assert.deepEqual(diffPromotion(STATE, { ...INPUTS, targets }, facts()).inputs, ["targets"]);
  });

  it("says of each target that it was moved, or is gone; of one that nobody asked about, nothing", () => {
    const moved = facts({ "web:production": id("b"), "web:latest": null });
    assert.deepEqual(diffPromotion(STATE, INPUTS, moved).drift, [
      "tag moved: web:production points to bbbbbbbbbbbb, but the promotion put it on aaaaaaaaaaaa",
      "tag gone: web:latest is no longer there, but the promotion put it on aaaaaaaaaaaa",
    ]);
    assert.deepEqual(diffPromotion(STATE, INPUTS, { ...facts(), targets: {} }).drift, []);
  });

  it("says that the same source is another image now; not when another source was asked for", () => {
    const moved = facts({}, id("b"));
    const words = "source moved: web:1 is bbbbbbbbbbbb now; aaaaaaaaaaaa was promoted";
    assert.deepEqual(diffPromotion(STATE, INPUTS, moved).drift, [words]);
    const asked = diffPromotion(STATE, { ...INPUTS, source: "web:2" }, moved);
    assert.deepEqual(asked, { inputs: ["source"], drift: [] });
    assert.deepEqual(diffPromotion(STATE, INPUTS, facts({}, null)).drift, []);
  });
});

describe("two images that look alike", () => {
  const alike = (last: string): ImageId => parseImageId(`sha256:${"a".repeat(12)}${last.repeat(52)}`);
  const [promoted, other] = [alike("1"), alike("2")];
  const state = readState({ ...STATE, imageId: promoted, revision: "f".repeat(40) });
  const standing = facts({ "web:production": other, "web:latest": promoted }, other, "f".repeat(40));

  it("are two images, although people read the same words", () => {
    assert.equal(imageWords(promoted, state.revision), imageWords(other, state.revision));
    const same = [promoted, other, null].map((image) => isPromoted(state, image));
    assert.deepEqual(same, [true, false, false]);
    assert.deepEqual(stillInPlace(state, standing), ["web:latest"]);
    assert.equal(driftOf(state, standing, "web:1").length, 2, "a target and the source have moved");
  });

  it("are told apart by their whole IDs where one takes the other's place, and the same image takes none", () => {
    const same = imageWords(other, state.revision);
    const unlike = imageWords(id("b"), null);
    for (const [promotes, words, replaced] of [
      [{ promotesId: other }, same, `promotes ${other} in place of ${promoted}`],
      [{ promotesId: promoted }, "whatever it is called", null],
      [{ promotesId: id("b") }, unlike, `promotes bbbbbbbbbbbb (no revision) in place of ${same}`],
      [null, "known after apply", `promotes known after apply in place of ${same}`],
    ] as const)
      assert.equal(replacedWords(state, promotes, words), replaced);
  });
});

const LOCAL = "web:production";
const REMOTE = "registry.example/web:production";
const promoted = { imageId: id("b"), digest: id("d") };

describe("what targets stood for before a promotion", () => {
  it("is what they stood for just before, or null where they were not there", () =>
    assert.deepEqual(previousOf([LOCAL, REMOTE], { [LOCAL]: id("a"), [REMOTE]: null }, promoted, null), {
      [LOCAL]: id("a"),
      [REMOTE]: null,
    }));

  it("stays what it was while the same image is judged again", () => {
    const olds = readState({ imageId: id("b"), targets: [LOCAL], previous: { [LOCAL]: id("a") } });
    assert.deepEqual(previousOf([LOCAL], { [LOCAL]: id("b") }, promoted, olds), { [LOCAL]: id("a") });
  });

  it("is what the state says where an update was killed between the tag and the state", () => {
    const targets = [LOCAL, REMOTE];
    const previous = { [LOCAL]: id("0"), [REMOTE]: id("0") };
    const olds = readState({ imageId: id("a"), digest: id("c"), targets, previous });
    assert.deepEqual(previousOf(targets, { [LOCAL]: id("b"), [REMOTE]: id("d") }, promoted, olds), {
      [LOCAL]: id("a"),
      [REMOTE]: id("c"),
    });
  });

  it("is null for a target that had the image already, and that no state knows", () => {
    const olds = readState({ imageId: id("a"), targets: [], previous: {} });
    for (const state of [null, olds])
      assert.deepEqual(previousOf([LOCAL], { [LOCAL]: id("b") }, promoted, state), { [LOCAL]: null });
  });
});

const [IMAGE, DIGEST, OTHER] = [id("a"), id("d"), id("b")];
const NOW = { imageId: IMAGE, digest: DIGEST };
const after = (before: Previous, olds: Record<string, unknown> | null): string[] =>
  adoptedAfter(Object.keys(before), before, NOW, olds && readState({ imageId: IMAGE, ...olds }));

describe("adoptedAfter", () => {
  it("is what stood for the image before a first promotion, by ID or digest", () => {
    const before = { "web:new": null, "web:moved": OTHER, "web:there": IMAGE, "r.io/web:there": DIGEST };
    assert.deepEqual(after(before, null), ["web:there", "r.io/web:there"]);
  });

  it("is nothing that an earlier update has set", () => {
    const before = { "web:own": IMAGE, "web:adopted": IMAGE, "web:more": IMAGE };
    const olds = { targets: ["web:own", "web:adopted"], adopted: ["web:adopted"] };
    assert.deepEqual(after(before, olds), ["web:adopted", "web:more"]);
    assert.deepEqual(after(before, { targets: ["web:own", "web:adopted"] }), ["web:more"]);
  });

  it("ends where an update has to move the tag", () => {
    const olds = { targets: ["web:adopted"], adopted: ["web:adopted"] };
    assert.deepEqual(after({ "web:adopted": OTHER }, olds), []);
    assert.deepEqual(after({ "web:adopted": null }, olds), []);
  });
});
