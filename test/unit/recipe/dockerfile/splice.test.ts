import assert from "node:assert/strict";
import fc from "fast-check";
import { splice, type TextEdit } from "../../../../provider/recipe/dockerfile/splice";

describe("splice", () => {
  it("replaces, inserts and deletes, whatever the order of the edits", () =>
    assert.equal(
      splice("abcdef", [
        { start: 5, end: 6, text: "" },
        { start: 0, end: 1, text: "X" },
        { start: 3, end: 3, text: "--" },
      ]),
      "Xbc--de",
    ));
  it("keeps the order of insertions at one place, before a replacement that starts there", () =>
    assert.equal(
      splice("ab", [
        { start: 1, end: 2, text: "B" },
        { start: 1, end: 1, text: "1" },
        { start: 1, end: 1, text: "2" },
      ]),
      "a12B",
    ));
  it("refuses overlaps", () =>
    assert.throws(
      () =>
        splice("abcd", [
          { start: 0, end: 2, text: "" },
          { start: 1, end: 3, text: "" },
        ]),
      RangeError,
    ));
  for (const [start, end] of [
    [-1, 0],
    [2, 1],
    [0, 5],
    [NaN, 1],
    [0.5, 1],
  ] as const) {
    it(`refuses ${start}..${end} in 4 characters`, () =>
      assert.throws(() => splice("abcd", [{ start, end, text: "" }]), RangeError));
  }

  it("changes nothing outside the ranges (property)", () => {
    const piece = fc.record({
      keep: fc.string({ minLength: 1 }),
      old: fc.string(),
      text: fc.string(),
      order: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string(), (parts, tail) => {
        let original = "";
        let expected = "";
        const edits: (TextEdit & { order: number })[] = [];
        for (const { keep, old, text, order } of parts) {
          original += keep;
          expected += keep + text;
          edits.push({ start: original.length, end: original.length + old.length, text, order });
          original += old;
        }
        edits.sort((a, b) => a.order - b.order);
        assert.equal(splice(original + tail, edits), expected + tail);
      }),
    );
  });
});
