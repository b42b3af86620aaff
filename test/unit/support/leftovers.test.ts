import assert from "node:assert/strict";
import { added } from "../../support/leftovers";

describe("added", () => {
  it("names each thing that was not there before, by kind", () => {
    const before = { containers: ["1 a x"], images: [], temporary: ["verified-images-old"] };
    const after = {
      containers: ["1 a x", "2 b y"],
      images: ["verified-images/base:1 sha256:0"],
      temporary: ["verified-images-new"],
    };
    assert.deepEqual(added(before, after), [
      "container 2 b y",
      "image verified-images/base:1 sha256:0",
      "temporary folder verified-images-new",
    ]);
    assert.deepEqual(added(after, after), []);
  });
});
