import assert from "node:assert/strict";
import type { Severity } from "../../../../provider/pulumi/host/engine-log";
import { ignoredIn, ignoredInCheck } from "../../../../provider/pulumi/host/ignored";
import { ignoredInputs } from "../../../../provider/pulumi/host/ignored-inputs";
import { logDrift } from "../../../../provider/pulumi/host/log-drift";
import { echoed, userInputs } from "../../../../provider/pulumi/host/properties";
import { diffImage } from "../../../../provider/pulumi/image/image-diff";
import { changedInputs, isIgnored } from "../../../../provider/pulumi/promotion/decide";
import { readState } from "../../../../provider/pulumi/promotion/state";
import { id } from "../../store/scratch";

describe("what a user ignores", () => {
  it("is what the provider has to heed itself; nothing is added to a resource that ignores nothing of it", () => {
    assert.equal(ignoredInputs(undefined), undefined);
    assert.equal(ignoredInputs(["labels", "force"]), undefined);
    assert.deepEqual(ignoredInputs(["targets", "labels", "live"]), ["live", "targets"]);
    assert.ok(ignoredInputs(["*"])?.includes("live"));
  });

  it("is seen in a check by the earlier values that the engine puts back, too", () => {
    const olds = { live: "in place", contextHash: "sha256:1" };
    assert.deepEqual(ignoredInCheck(olds, {}), []);
    assert.deepEqual(ignoredInCheck(olds, { live: "in place" }), ["live"]);
    assert.deepEqual(ignoredInCheck(olds, { contextHash: "sha256:1", ignored: ["targets"] }), [
      "contextHash",
      "targets",
    ]);
    assert.deepEqual(ignoredInCheck(olds, { live: "of the program's own" }), []);
    assert.deepEqual(ignoredInCheck(undefined, { live: "in place" }), []);
  });

  it("is no input of the user's, and in no output", () => {
    const inputs = { name: "web", ignored: ["live"] };
    assert.deepEqual([userInputs(inputs), echoed(inputs)], [{ name: "web" }, { name: "web" }]);
    assert.deepEqual(ignoredIn({ ignored: "live" }), []);
  });

  it("is told as a message that says why nothing is done, and otherwise as a warning that says what to do", () => {
    const said: [Severity, string][] = [];
    const log = {
      write: (severity: Severity, words: string): void => void said.push([severity, words]),
      show: () => undefined,
      flush: () => Promise.resolve(),
    };
    const drift = { what: "tag gone: web:live", why: null, todo: "Run `pulumi up`." };
    logDrift(log, drift);
    logDrift(log, drift, true);
    assert.deepEqual(said, [
      ["warning", "drift: tag gone: web:live\n  Run `pulumi up`."],
      [
        "info",
        "drift: tag gone: web:live\n  Nothing is done about it, because `ignoreChanges` of this resource says so.",
      ],
    ]);
  });

  describe("of an image", () => {
    const state = { context: "app", recipeHash: "sha256:1", contextHash: "sha256:2" };
    const inputs = { context: "app", recipeHash: "sha256:8", contextHash: "sha256:9" };
    for (const [ignored, changed] of [
      [[], ["recipeHash", "contextHash"]],
      [["recipe"], ["contextHash"]],
      [["context"], ["recipeHash"]],
      [["recipeHash", "contextHash"], []],
      [["live"], ["recipeHash", "contextHash"]],
    ] as const) {
      it(`is no change of it: ${ignored.join(", ") || "nothing"}`, () =>
        assert.deepEqual(diffImage(state, { ...inputs, ignored: [...ignored] }, null).inputs, changed));
    }
  });

  describe("of a promotion", () => {
    it("is a drift of its targets, of its source, or each", () => {
      for (const about of ["source", "targets"] as const) {
        assert.equal(isIgnored({ about }, []), false);
        assert.equal(isIgnored({ about }, ["live"]), true);
        assert.equal(isIgnored({ about }, [about]), true);
        assert.equal(isIgnored({ about }, ["expectedRevision"]), false);
      }
      assert.equal(isIgnored({ about: "source" }, ["targets"]), false);
    });

    it("is a target that a refresh has taken out of the state", () => {
      const state = readState({ imageId: id("a"), targets: [], source: "web:1" });
      const inputs = { source: "web:1", targets: ["web:live"] };
      assert.deepEqual(changedInputs(state, inputs), ["targets"]);
      assert.deepEqual(changedInputs(state, { ...inputs, ignored: ["targets"] }), []);
    });
  });
});
