import assert from "node:assert/strict";
import { summary } from "../../../scripts/summary.mjs";

describe("scripts: the quickstart's table", () => {
  const outputs = {
    imageId: "sha256:1234",
    revision: "abcd",
    lockHash: "sha256:5678",
    verified: "verified",
    drift: { changed: [], added: [], removed: [] },
    promoted: ["web:production"],
    packages: { pip: 9, dpkg: 120, npm: 4 },
    store: "examples/quickstart/store",
  };
  const row = (lines: string[], name: string) => lines.find((line) => line.startsWith(`${name} `));

  it("shows what the run proved", () => {
    const lines = summary(outputs);
    assert.equal(row(lines, "image"), "image         sha256:1234");
    assert.equal(row(lines, "packages"), "packages      dpkg 120, npm 4, pip 9");
    assert.equal(row(lines, "drift"), "drift         none");
    assert.equal(row(lines, "promoted tag"), "promoted tag  web:production");
    assert.ok(lines.some((line) => line.includes("npm run pulumi -- preview")));
  });

  it("takes promoted as a record too, and names drift", () => {
    const drift = { changed: [{ name: "pip:x", from: "1", to: "2" }], added: [], removed: [{}, {}] };
    const lines = summary({ ...outputs, promoted: { "a:1": "sha256:1", "b:2": "sha256:1" }, drift });
    assert.equal(row(lines, "promoted tag"), "promoted tag  a:1, b:2");
    assert.equal(row(lines, "drift"), "drift         1 changed, 2 removed");
    assert.equal(row(summary({ ...outputs, promoted: "c:3" }), "promoted tag"), "promoted tag  c:3");
  });

  it("never calls a missing output good", () => {
    const lines = summary({});
    for (const name of ["image", "verified", "drift", "promoted tag", "packages"]) {
      assert.match(row(lines, name) ?? "", /^\S.*\s-$/, name);
    }
  });
});
