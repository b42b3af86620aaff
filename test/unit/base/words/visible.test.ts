import assert from "node:assert/strict";
import { VerifiedImagesError } from "../../../../provider/base/errors/base";
import { visible, visibleJson, visibleLines } from "../../../../provider/base/words/visible";

const HIDDEN =
  "\u0000\u0007\u0008\u001b\u007f\u0080\u009b\u009f\u00ad\u200b\u200d\u200e\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\u{e0041}\u034f\u115f\u180b\u2800\u3164\ufe0f\uffa0\u{e0100}";
const STEERS = /(?!\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("a text that is shown", () => {
  it("has every hidden character spelt out", () => {
    for (const one of HIDDEN) {
      const spelt = `a\\u{${(one.codePointAt(0) ?? 0).toString(16)}}b`;
      assert.equal(visible(`a${one}b`), spelt);
      assert.equal(visibleLines(`a${one}b`), spelt);
    }
    assert.equal(visible("a\nb\rc\td"), "a\\u{a}b\\u{d}c\\u{9}d");
    assert.equal(visibleLines("a\n\tb\r\nc\rd"), "a\n\tb\\u{d}\nc\\u{d}d");
    assert.equal(visible("\ud800"), "\\u{d800}");
    for (const plain of ["", "gr\u00fc\u00dfe \u2603 \u{1f600} \u4e2d", "a\\u{1b}"])
      assert.equal(visible(plain), plain);
  });

  it("is JSON that reads as before", () => {
    const document = { [`k${HIDDEN}`]: [`${HIDDEN}\n\r\t\ud800`, "gr\u00fc\u00dfe \u{1f600}"] };
    const text = visibleJson(document);
    assert.doesNotMatch(text, STEERS);
    assert.deepEqual(JSON.parse(text), document);
    assert.equal(visibleJson({ a: [1] }), JSON.stringify({ a: [1] }, null, 2));
  });

  it("is what an error of this package says, whatever it quotes", () => {
    class ExampleError extends VerifiedImagesError {}
    const error = new ExampleError("example", `label ${HIDDEN}\n  of two lines`);
    assert.doesNotMatch(`${error.message}${error.stack ?? ""}`, STEERS);
    assert.match(error.message, /^label \\u\{0\}.*\\u\{1b\}.*\n {2}of two lines$/);
  });
});
