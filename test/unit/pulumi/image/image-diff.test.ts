import assert from "node:assert/strict";
import { diffImage } from "../../../../provider/pulumi/image/image-diff";
import type { Observation } from "../../../../provider/pulumi/image/inspect-state";
import { noDrift } from "../../../../provider/store/verification";
import type { VerifiedState } from "../../../../provider/store/verified-state";

const INPUTS = {
  name: "web",
  context: "app",
  root: "artifacts",
  buildArgs: { A: "1", B: "2" },
  recipeHash: "sha256:1",
  contextHash: "sha256:2",
};
const STATE = {
  ...INPUTS,
  verified: "verified",
  imageId: "sha256:a",
  timestamp: "x",
  __provider: "old text",
};
const so = (state: VerifiedState, reason: string | null = null): Observation => ({
  answer: "so",
  verification: { state, drift: noDrift(), reason },
});

describe("diffImage", () => {
  it("finds nothing where nothing has changed, whatever the provider's text and the order of keys", () => {
    const inputs = {
      ...INPUTS,
      buildArgs: { B: "2", A: "1" },
      __provider: "new text",
      live: "in place",
      keep: null,
    };
    for (const observed of [so("verified"), null]) {
      assert.deepEqual(diffImage(STATE, inputs, observed), {
        inputs: [],
        drift: [],
        doubt: null,
        underWay: null,
      });
    }
  });

  for (const [name, value] of Object.entries({
    name: "app",
    recipe: "x",
    context: "x",
    root: "x",
    engine: "docker",
    host: "x",
    buildArgs: { A: "1" },
    target: "x",
    platform: "x",
    labels: { a: "b" },
    secrets: { a: { env: "A" } },
    revision: "a".repeat(40),
    verify: "skip",
    requireVerified: true,
    pin: "versions",
    push: [],
    retain: 5,
    keep: true,
    force: 1,
    timeouts: { git: 1 },
  })) {
    it(`sees a change of ${name}, and of its being taken away`, () => {
      assert.deepEqual(diffImage(STATE, { ...INPUTS, [name]: value }, so("verified")).inputs, [name]);
      const had = { ...STATE, [name]: value };
      assert.deepEqual(diffImage(had, { ...INPUTS, [name]: undefined }, so("verified")).inputs, [name]);
    });
  }

  it("says of recipe and context that the image is due to be built again", () => {
    const found = diffImage(
      STATE,
      { ...INPUTS, recipeHash: "sha256:8", contextHash: "sha256:9" },
      so("verified"),
    );
    assert.deepEqual(found.inputs, ["recipeHash", "contextHash"]);
    assert.deepEqual(found.drift, [
      "recipe changed: the image is due to be built again",
      "context changed: the image is due to be built again",
    ]);
  });

  it("takes a hash that could not be computed yet for no change", () => {
    const { recipeHash, contextHash, ...unhashed } = INPUTS;
    assert.deepEqual(diffImage(STATE, unhashed, so("verified")).inputs, []);
    assert.ok(recipeHash !== contextHash);
  });

  it("repeats the world's own words when it is different", () => {
    const observed: Observation = {
      answer: "different",
      gone: true,
      words: "image gone: web:1 is no longer there",
    };
    assert.deepEqual(diffImage(STATE, INPUTS, observed).drift, ["image gone: web:1 is no longer there"]);
  });

  it("makes no change of a doubt, but tells it", () => {
    const found = diffImage(STATE, INPUTS, { answer: "can't tell", words: "no store here" });
    assert.deepEqual(found, { inputs: [], drift: [], doubt: "no store here", underWay: null });
  });

  it("says that a mark has flipped, and why", () => {
    assert.deepEqual(diffImage(STATE, INPUTS, so("unverified", "differs")).drift, [
      "mark changed: verified when it was built, unverified now (differs)",
    ]);
    assert.deepEqual(diffImage({ ...STATE, verified: "unverified" }, INPUTS, so("verified")).drift, [
      "mark changed: unverified when it was built, verified now",
    ]);
  });

  describe("of an image that is verified in the background", () => {
    const mode = { verify: "background", root: "artifacts" };
    const state = { ...STATE, ...mode, verified: "unknown" };
    const inputs = { ...INPUTS, ...mode };
    const background = { pid: 42, host: "ci", since: "2026-01-01T00:00:00Z", log: "web/web-1.verify.log" };
    const during = (phase: "running" | "dead" | "failed", failed: string | null = null): Observation => ({
      answer: "so",
      verification: {
        ...{ state: "unknown", drift: noDrift(), reason: "why" },
        background: { phase, failed, ...background },
      },
    });

    it("makes no change while it runs, and says where to look, whatever the state has", () => {
      for (const verified of ["unknown", "verified"]) {
        assert.deepEqual(diffImage({ ...state, verified }, inputs, during("running")), {
          inputs: [],
          drift: [],
          doubt: null,
          underWay:
            "not verified yet: the locked rebuild runs in the background since 2026-01-01T00:00:00Z " +
            "(process 42 on ci; log: artifacts/web/web-1.verify.log)",
        });
      }
    });

    it("shows its verdict as something to record", () => {
      assert.deepEqual(diffImage(state, inputs, so("verified")).drift, [
        "verified in the background: the next update records it, and builds nothing",
      ]);
      assert.deepEqual(diffImage(state, inputs, so("unverified", "differs")).drift, [
        "unverified in the background (differs): the next update records it, and builds nothing",
      ]);
    });

    it("is due again when it was killed, has proved nothing, or was never begun", () => {
      for (const observed of [during("dead"), during("failed", "no index")]) {
        assert.deepEqual(diffImage(state, inputs, observed).drift, [
          "not verified: why: the next update verifies the same build again",
        ]);
      }
      assert.deepEqual(diffImage(state, inputs, so("unknown")).drift, [
        "not verified yet: no verification is under way: the next update verifies the same build again",
      ]);
    });
  });

  it("says that a verdict is due, when it is unknown and wanted; not when it was skipped", () => {
    const unknown = { ...STATE, verified: "unknown" };
    assert.deepEqual(diffImage(unknown, INPUTS, so("unknown")).drift, [
      "not verified yet: the rebuild is due",
    ]);
    const skip = { verify: "skip" };
    assert.deepEqual(diffImage({ ...unknown, ...skip }, { ...INPUTS, ...skip }, so("unknown")).drift, []);
    assert.deepEqual(
      diffImage({ ...STATE, verified: "unverified" }, INPUTS, so("unverified", "x")).drift,
      [],
    );
  });
});
