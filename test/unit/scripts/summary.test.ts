import assert from "node:assert/strict";
import { load } from "./load";

describe("scripts: the quickstart's table", () => {
  let summary: (outputs: Record<string, unknown>) => string[];
  let sourcesList: (mirror: string, reachable: { updates: boolean; security: boolean }) => string;
  let mirrorOf: (written: string) => string;
  before(async () => {
    ({ summary } = await load<{ summary: typeof summary }>("quickstart/summary.mjs"));
    ({ sourcesList, mirrorOf } = await load<{ sourcesList: typeof sourcesList; mirrorOf: typeof mirrorOf }>(
      "setup/debootstrap.mjs",
    ));
  });

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
  });

  it("never calls a missing output good", () => {
    const lines = summary({});
    for (const name of ["image", "verified", "drift", "promoted tag", "packages"]) {
      assert.match(row(lines, name) ?? "", /^\S.*\s-$/, name);
    }
  });

  it("writes only the package sources that can be reached", () => {
    const mirror = mirrorOf("deb http://mirror.example/debian/ bookworm main\n");
    assert.equal(mirror, "http://mirror.example/debian");
    assert.equal(
      sourcesList(mirror, { updates: false, security: false }),
      "deb http://mirror.example/debian bookworm main\n",
    );
    assert.deepEqual(sourcesList(mirror, { updates: true, security: true }).trimEnd().split("\n").slice(1), [
      "deb http://mirror.example/debian bookworm-updates main",
      "deb http://mirror.example/debian-security bookworm-security main",
    ]);
  });
});
