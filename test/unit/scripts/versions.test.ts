import assert from "node:assert/strict";
import * as versions from "../../../scripts/setup/programs.mjs";

describe("scripts: versions", () => {
  it("reads the first version in a text, whatever surrounds it", () => {
    const texts: [string, [number, number, number] | null][] = [
      ["v3.220.0", [3, 220, 0]],
      ["20.10.24+dfsg1", [20, 10, 24]],
      ["3.221.0-alpha.1700000000", [3, 221, 0]],
      ["go version go1.26.8 linux/amd64", [1, 26, 8]],
      ["go version go1.22 linux/amd64", [1, 22, 0]],
      ["library-import", null],
      ["", null],
      ["7", null],
    ];
    for (const [text, expected] of texts) assert.deepEqual(versions.parseVersion(text), expected, text);
  });

  it("compares numbers, not letters", () => {
    assert.equal(versions.isAtLeast("v3.220.0", "3.220.0"), true);
    assert.equal(versions.isAtLeast("v3.1000.0", "3.220.0"), true);
    assert.equal(versions.isAtLeast("v4.0.0", "3.220.0"), true);
    assert.equal(versions.isAtLeast("v3.99.9", "3.220.0"), false);
    assert.equal(versions.isAtLeast("v2.999.0", "3.220.0"), false);
  });

  it("never takes a text without a version for new enough", () => {
    assert.equal(versions.isAtLeast("", "3.220.0"), false);
    assert.equal(versions.isAtLeast("error: no such command", "0.0.1"), false);
  });

  it("shortens a version and keeps a text without one", () => {
    assert.equal(versions.shortVersion("v3.220.0+dirty\n"), "3.220.0");
    assert.equal(versions.shortVersion(" odd \n"), "odd");
  });
});
