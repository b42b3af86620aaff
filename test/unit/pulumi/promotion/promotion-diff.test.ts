import assert from "node:assert/strict";
import {
  diffPromotion,
  liveWords,
  shortId,
  type PromotionFacts,
} from "../../../../provider/pulumi/promotion/promotion-diff";
import { id } from "../../store/scratch";

const INPUTS = { source: "web:1", targets: ["web:production", "web"], expectedRevision: "a".repeat(40) };
const STATE = { ...INPUTS, targets: ["web:production", "web:latest"], imageId: id("a"), verified: "unknown" };
const facts = (
  changes: Record<string, string | null> = {},
  sourceId: string | null = id("a"),
): PromotionFacts => ({
  sourceId,
  targets: { "web:production": id("a"), "web:latest": id("a"), ...changes },
});

describe("diffPromotion", () => {
  it("finds nothing where nothing has changed, in whatever form and order the targets are written", () => {
    assert.deepEqual(diffPromotion(STATE, INPUTS, facts()), { inputs: [], drift: [] });
    const inputs = {
      ...INPUTS,
      targets: ["library/web:latest", "web:production"],
      live: "x",
      __provider: "y",
    };
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
    const moved = { ...facts({}, id("b")), sourceRevision: "b2".repeat(20) };
    assert.deepEqual(diffPromotion({ ...STATE, revision: "a1".repeat(20) }, INPUTS, moved).drift, [
      "source moved: web:1 is bbbbbbbbbbbb (revision b2b2b2b2b2b2) now; aaaaaaaaaaaa (revision a1a1a1a1a1a1) was promoted",
    ]);
  });

  it("sees a target added, taken away, or not known yet", () => {
    for (const targets of [[...INPUTS.targets, "web:more"], ["web"], [], "unknown"]) {
      assert.deepEqual(diffPromotion(STATE, { ...INPUTS, targets }, facts()).inputs, ["targets"]);
    }
  });

  it("says of each target that it was moved, or is gone; of one that nobody asked about, nothing", () => {
    assert.deepEqual(
      diffPromotion(STATE, INPUTS, facts({ "web:production": id("b"), "web:latest": null })).drift,
      [
        "tag moved: web:production points to bbbbbbbbbbbb, but the promotion put it on aaaaaaaaaaaa",
        "tag gone: web:latest is no longer there; the promotion put it on aaaaaaaaaaaa",
      ],
    );
    assert.deepEqual(diffPromotion(STATE, INPUTS, { sourceId: id("a"), targets: {} }).drift, []);
  });

  it("says that the same source is another image now; not when another source was asked for", () => {
    assert.deepEqual(diffPromotion(STATE, INPUTS, facts({}, id("b"))).drift, [
      "source moved: web:1 is bbbbbbbbbbbb now; aaaaaaaaaaaa was promoted",
    ]);
    assert.deepEqual(diffPromotion(STATE, { ...INPUTS, source: "web:2" }, facts({}, id("b"))), {
      inputs: ["source"],
      drift: [],
    });
    assert.deepEqual(diffPromotion(STATE, INPUTS, facts({}, null)).drift, []);
  });
});

describe("liveWords", () => {
  it("tell where each target is", () => {
    assert.equal(
      liveWords(facts({ "web:production": id("b"), "web:latest": null, "web:x": id("a") })),
      "web:production is bbbbbbbbbbbb, not the source's aaaaaaaaaaaa; web:latest is not there; web:x is in place",
    );
    assert.equal(
      liveWords({ sourceId: null, targets: { web: id("b"), no: null } }),
      "web is bbbbbbbbbbbb; no is not there",
    );
    assert.equal(liveWords({ sourceId: null, targets: {} }), "");
  });

  it("show IDs as Docker does", () => {
    assert.equal(shortId(id("a")), "aaaaaaaaaaaa");
    assert.equal(shortId("aaaa"), "aaaa");
  });
});
