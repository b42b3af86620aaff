import assert from "node:assert/strict";
import fc from "fast-check";
import { splice, type TextEdit } from "../../../../provider/recipe/dockerfile/splice";

const edit = (start: number, end: number, text = ""): TextEdit => ({ start, end, text });

describe("splice", () => {
  it("replaces, inserts and deletes, whatever the order of the edits", () =>
    assert.equal(splice("abcdef", [edit(5, 6), edit(0, 1, "X"), edit(3, 3, "--")]), "Xbc--de"));
  it("keeps the order of insertions at one place, before a replacement that starts there", () =>
    assert.equal(splice("ab", [edit(1, 2, "B"), edit(1, 1, "1"), edit(1, 1, "2")]), "a12B"));

  const refused: [claim: string, edits: TextEdit[]][] = [
    ["overlaps", [edit(0, 2), edit(1, 3)]],
    ["-1..0 in 4 characters", [edit(-1, 0)]],
    ["2..1 in 4 characters", [edit(2, 1)]],
    ["0..5 in 4 characters", [edit(0, 5)]],
    ["NaN..1 in 4 characters", [edit(NaN, 1)]],
    ["0.5..1 in 4 characters", [edit(0.5, 1)]],
  ];
  for (const [claim, edits] of refused) {
    it(`refuses ${claim}`, () => assert.throws(() => splice("abcd", edits), RangeError));
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
