import assert from "node:assert/strict";
import { liveWords } from "../../../../provider/pulumi/promotion/words";
import { id } from "../../store/scratch";

describe("liveWords", () => {
  it("tell where each target is", () => {
    assert.equal(
      liveWords({
        source: { id: id("a"), fromRegistry: false },
        targets: { "web:production": id("b"), "web:latest": null, "web:x": id("a"), "r.io/web:x": id("d") },
      }),
      "web:production is bbbbbbbbbbbb, not the source's aaaaaaaaaaaa; web:latest is not there; web:x is in place; r.io/web:x is dddddddddddd",
    );
    assert.equal(
      liveWords({ source: null, targets: { web: id("b"), no: null } }),
      "web is bbbbbbbbbbbb; no is not there",
    );
    assert.equal(liveWords({ source: null, targets: {} }), "");
  });
});
