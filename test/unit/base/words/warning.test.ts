import assert from "node:assert/strict";
import { asSentence, warningText } from "../../../../provider/base/words/warning";

describe("a warning", () => {
  it("says what, why and what to do, in that order and each on a line of its own", () => {
    const text = warningText({ what: "tag gone: web", why: "It was there.", todo: "Run `pulumi up`." });
    assert.equal(text, "tag gone: web\n  It was there.\n  Run `pulumi up`.");
    assert.equal(warningText({ what: "x", why: null, todo: "Do it." }), "x\n  Do it.");
  });

  it("keeps what it quotes on the line where it stands", () =>
    assert.equal(
      warningText({ what: "can't tell:\n docker said", why: "a\r\nb", todo: "c\n\nd" }),
      "can't tell: docker said\n  a b\n  c d",
    ));

  it("makes a sentence of a clause, once", () => {
    assert.equal(asSentence(" the mark is odd "), "The mark is odd.");
    assert.equal(asSentence("Is it there?"), "Is it there?");
    assert.equal(asSentence("It is."), "It is.");
  });
});
