import assert from "node:assert/strict";
import { historyText, type ShownHistory } from "../../../cli/output/history-text";
import { parseHistory } from "../../../provider/promote/receipts/history";
import type { ReceiptFacts } from "../../../provider/promote/receipts/receipt";
import { bytesOf, chainOf, factsWith } from "../promote/receipts/facts";
import { id } from "../store/scratch";

const shown = (facts: Partial<ReceiptFacts>[], more: Partial<ShownHistory> = {}): string => {
  const { lines } = parseHistory(bytesOf(chainOf(...facts.map((one) => factsWith(one)))));
  const promotions = lines.flatMap(({ line, receipt }) => (receipt === null ? [] : [{ line, receipt }]));
  return historyText({
    file: "store/promotions.jsonl",
    promotions,
    problems: [],
    torn: false,
    rollback: null,
    ...more,
  });
};

describe("the history for people", () => {
  it("has a row for each target, with what they share once", () => {
    const targets = ["web:production", "web:canary"];
    const text = shown([
      { targets, moved: ["web:production"], previous: { "web:production": id("b"), "web:canary": null } },
    ]);
    const at = "2026-01-01T00:00:01.000Z";
    const verdict = "provenance match: a1a1a1a1a1a1, verified";
    assert.deepEqual(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.trim().split(/ {2,}/)),
      [
        ["WHEN", "WHO", "TARGET", "IMAGE", "REVISION", "BEFORE", "VERDICT"],
        [at, "ann@box", "web:production", "aaaaaaaaaaaa", "a1a1a1a1a1a1", "bbbbbbbbbbbb", verdict],
        ["web:canary", "- (was in place)"],
      ],
    );
    assert.equal(shown([]), "no promotions\n");
  });

  it("names whom CI names before the machine's account", () =>
    assert.match(
      shown([{ by: { user: "runner", host: "ci-7", actor: "octocat" } }]),
      /octocat \(runner@ci-7\)/,
    ));

  it("says an override loudly, in its row and with its reason", () => {
    const override = { reason: "the site is down", refused: ["provenance mismatch: image b != expected a"] };
    const text = shown([{ override, by: { user: "ann", host: "box", actor: null } }]);
    assert.match(text, /OVERRIDDEN \(provenance match: a1a1a1a1a1a1, verified\)/);
    assert.match(
      text,
      /^OVERRIDDEN: line 1, 2026-\S+, by ann@box: "the site is down"; the gate had refused: provenance mismatch/m,
    );
  });

  it("says why a promotion failed that left targets moved, in its row and on a line of its own", () => {
    const text = shown([
      { failed: "promotion of a failed: 500\n  no space; new in their registry: web:production" },
    ]);
    assert.match(text, / FAILED \(provenance match: a1a1a1a1a1a1, verified\)$/m);
    assert.match(
      text,
      /^FAILED: line 1, 2026-\S+, by ann@box: promotion of a failed: 500 no space; new in their registry: web:production$/m,
    );
    assert.doesNotMatch(shown([{}, { failed: null }]), /FAILED/);
  });

  it("names a broken line, and one that was cut off", () => {
    const text = shown([{}], { problems: [{ line: 3, message: "is no receipt" }], torn: true });
    assert.match(text, /^BROKEN: line 3 of store\/promotions\.jsonl is no receipt$/m);
    assert.match(text, /^BROKEN: the last line of store\/promotions\.jsonl is cut off/m);
  });

  it("gives the command that takes a target back, quoted for a shell", () => {
    const rollback = { source: "it's", expectedRevision: "a" };
    assert.ok(
      shown([], { rollback }).endsWith(
        `back to what it was: pulumi config set rollback '{"source":"it'\\''s","expectedRevision":"a"}'\n`,
      ),
    );
  });

  it("lets nothing through that would steer a terminal", () => {
    const text = shown([
      {
        by: { user: "a\u001b[2J", host: "b\nc", actor: null },
        override: { reason: "x\r\u202ey", refused: ["\u0007"] },
      },
    ]);

    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    assert.equal(text.trimEnd().split("\n").length, 3);
  });
});
