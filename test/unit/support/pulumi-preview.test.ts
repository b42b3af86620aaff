import assert from "node:assert/strict";
import { parsePreview } from "../../support/pulumi-preview";

const STACK = "urn:pulumi:test::p::pulumi:pulumi:Stack::p-test";
const resource = (name: string): string => `urn:pulumi:test::p::pulumi-nodejs:dynamic:Resource::${name}`;

describe("parsePreview", () => {
  it("finds steps by resource name and leaves the stack out of what changed", () => {
    const json = {
      steps: [
        { op: "update", urn: STACK },
        { op: "same", urn: resource("b") },
        {
          op: "update",
          urn: resource("a"),
          diffReasons: ["live"],
          detailedDiff: null,
          newState: { inputs: { v: 1 } },
        },
      ],
      changeSummary: { same: 1, update: 1 },
    };
    const preview = parsePreview(0, JSON.stringify(json), "");
    assert.deepEqual(preview.changed(), ["a"]);
    assert.deepEqual(preview.step("a").diffReasons, ["live"]);
    assert.deepEqual(preview.step("a").detailedDiff, {});
    assert.deepEqual(preview.step("a").newInputs, { v: 1 });
    assert.deepEqual(preview.changes, { same: 1, update: 1 });
    assert.throws(() => preview.step("c"), /expected one step for c/);
  });

  it("refuses to pick one of a replacement's steps", () => {
    const steps = ["create-replacement", "replace"].map((op) => ({ op, urn: resource("a") }));
    const preview = parsePreview(0, JSON.stringify({ steps }), "");
    assert.throws(() => preview.step("a"), /create-replacement a/);
    assert.deepEqual(preview.changed(), ["a"]);
  });

  it("joins the messages, each with its severity once", () => {
    const diagnostics = [
      { severity: "warning", prefix: "warning: ", message: "one\n" },
      { severity: "error", message: "two" },
    ];
    assert.equal(
      parsePreview(255, JSON.stringify({ diagnostics }), "").diagnostics,
      "warning: one\n\nerror: two",
    );
  });

  it("throws with everything the CLI said when that is no JSON", () => {
    assert.throws(
      () => parsePreview(255, "error: no stack", "more"),
      /exited 255 without JSON\nerror: no stack\nmore/,
    );
  });
});
