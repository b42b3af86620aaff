import assert from "node:assert/strict";
import { warningText } from "../../../../provider/base/words/warning";
import { diffImage } from "../../../../provider/pulumi/image/image-diff";
import type { Observation } from "../../../../provider/pulumi/image/inspect-state";
import { noDrift } from "../../../../provider/store/verification";
import type { VerifiedState } from "../../../../provider/store/verified-state";

const INPUTS = {
  ...{ name: "web", context: "app", root: "artifacts", buildArgs: { A: "1", B: "2" } },
  ...{ recipeHash: "sha256:1", contextHash: "sha256:2" },
};
const STATE = {
  ...INPUTS,
  verified: "verified",
  imageId: "sha256:a",
  timestamp: "x",
  __provider: "old text",
};
const SAME = { inputs: [], own: [], drift: [], doubt: null, underWay: null };
const so = (state: VerifiedState, reason: string | null = null): Observation => ({
  ...{ answer: "so", verification: { state, drift: noDrift(), reason } },
});
const driftOf = (observed: Observation, inputs = {}, state = {}): string[] =>
  diffImage({ ...STATE, ...state }, { ...INPUTS, ...inputs }, observed).drift.map(warningText);

describe("diffImage", () => {
  it("finds nothing where nothing has changed, whatever the provider's text and the order of keys", () => {
    const other = { buildArgs: { B: "2", A: "1" }, __provider: "new text", live: "in place", keep: null };
    for (const observed of [so("verified"), null])
      assert.deepEqual(diffImage(STATE, { ...INPUTS, ...other }, observed), SAME);
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
    const hashes = { recipeHash: "sha256:8", contextHash: "sha256:9" };
    assert.deepEqual(diffImage(STATE, { ...INPUTS, ...hashes }, so("verified")), {
      ...SAME,
      inputs: ["recipeHash", "contextHash"],
      own: ["recipe", "context"].map((what) => `${what} changed: the image is due to be built again`),
    });
  });

  it("takes a hash that could not be computed yet for no change", () => {
    const { recipeHash, contextHash, ...unhashed } = INPUTS;
    assert.deepEqual(diffImage(STATE, unhashed, so("verified")).inputs, []);
    assert.ok(recipeHash !== contextHash);
  });

  it("repeats the world's own words when it is different", () => {
    const warning = { what: "image gone: web:1", why: null, todo: "Run it." };
    assert.deepEqual(
      diffImage(STATE, INPUTS, { answer: "different", gone: true, words: "x", warning }).drift,
      [warning],
    );
  });

  it("makes no change of a doubt, but tells it", () => {
    const found = diffImage(STATE, INPUTS, { answer: "can't tell", words: "no store here" });
    assert.deepEqual(found, { ...SAME, doubt: "no store here" });
  });

  const skip = { verify: "skip" };
  const AGAIN = "\n  Run `pulumi up`: it verifies the same build again.";
  const marks: [string, string[], Observation, object, object][] = [
    [
      "flipped to unverified, and why",
      [`mark changed: verified when it was built, unverified now\n  Differs.${AGAIN}`],
      so("unverified", "differs"),
      {},
      {},
    ],
    [
      "flipped to verified",
      [`mark changed: unverified when it was built, verified now${AGAIN}`],
      so("verified"),
      {},
      { verified: "unverified" },
    ],
    [
      "due, when it is unknown and wanted",
      [`not verified yet: the rebuild is due${AGAIN}`],
      so("unknown"),
      {},
      { verified: "unknown" },
    ],
    ["skipped", [], so("unknown"), skip, { verified: "unknown", ...skip }],
    ["unverified as before", [], so("unverified", "x"), {}, { verified: "unverified" }],
  ];
  for (const [claim, drift, observed, inputs, state] of marks)
    it(`tells of a verdict: ${claim}`, () => assert.deepEqual(driftOf(observed, inputs, state), drift));

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
      const underWay = {
        what: "not verified yet: the locked rebuild runs in the background",
        why: "It runs since 2026-01-01T00:00:00Z, as process 42 on ci.",
        todo: "Wait for it; its log is artifacts/web/web-1.verify.log.",
      };
      for (const verified of ["unknown", "verified"])
        assert.deepEqual(diffImage({ ...state, verified }, inputs, during("running")), { ...SAME, underWay });
    });

    const records = "\n  Run `pulumi up`: it records the verdict, and builds nothing.";
    for (const [claim, words, observed] of [
      [
        "shows its verdict as something to record",
        `verified in the background\n  The state does not have this verdict yet.${records}`,
        so("verified"),
      ],
      [
        "shows that it is not verified, and why",
        `unverified in the background\n  Differs.${records}`,
        so("unverified", "differs"),
      ],
      ["is due again when it was killed", `not verified: why${AGAIN}`, during("dead")],
      ["is due again when it has proved nothing", `not verified: why${AGAIN}`, during("failed", "no index")],
      [
        "is due again when it was never begun",
        `not verified yet: no verification is under way${AGAIN}`,
        so("unknown"),
      ],
    ] as const) {
      it(claim, () => assert.deepEqual(diffImage(state, inputs, observed).drift.map(warningText), [words]));
    }
  });
});
