import assert from "node:assert/strict";
import { symlinkTarget } from "../../../../provider/packages/capture/archive/entry-path";
import { CaptureError, quoted } from "../../../../provider/packages/capture/errors";
import { brief, captureOf, problemsOf, stanza, streamOf, tarOf } from "./archive-builder";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";

const MANIFEST = '{"name":"x","version":"1.0.0"}';

describe("a hostile archive", () => {
  it("has its paths normalised", async () => {
    for (const path of ["./a/node_modules/x/package.json", "/a//node_modules/./x/package.json"]) {
      assert.deepEqual(brief(await captureOf([[path, MANIFEST]])), ["npm:x@1.0.0 in /a/node_modules"]);
    }
  });

  it("is refused for a '..' in a path or a hard link's target", async () => {
    const malformed = (error: unknown): boolean =>
      error instanceof CaptureError && error.code === "capture-malformed" && error.message.includes("'..'");
    await assert.rejects(captureOf([["a/../var/lib/dpkg/status", stanza("x", "1")]]), malformed);
    await assert.rejects(captureOf([["x", { link: "../../etc/passwd" }]]), malformed);
  });

  it("gets the last of several entries for one path", async () => {
    const path = "a/node_modules/x/package.json";
    const second = await captureOf([
      [path, MANIFEST],
      [path, '{"name":"y","version":"2.0.0"}'],
    ]);
    assert.deepEqual(brief(second), ["npm:y@2.0.0 in /a/node_modules"]);
    assert.equal(
      await problemsOf([
        [path, "{"],
        [path, MANIFEST],
      ]),
      "",
    );
    assert.match(
      await problemsOf([
        [path, MANIFEST],
        [path, "{"],
      ]),
      /^npm /,
    );
  });

  it("is refused for an entry of an unknown type, and for a damaged header", async () => {
    const whole = await tarOf([
      ["a", "x"],
      ["b", "y"],
    ]);
    const unknown = Buffer.from(whole);
    unknown[156] = "S".charCodeAt(0);
    let sum = 8 * 32;
    unknown.subarray(0, 512).forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0 : byte));
    unknown.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    await assert.rejects(captureFileSystem(streamOf(unknown)), { code: "capture-malformed" });
    const damaged = Buffer.from(whole);
    damaged[1024] = 0x58;
    await assert.rejects(
      captureFileSystem(streamOf(damaged)),
      /could not be read: .*checksum|Invalid tar header/,
    );
  });

  it("can't reach the terminal through a message, nor flood it", async () => {
    const problems = await problemsOf([["a/node_modules/\u001b[31mx/package.json", "{"]]);
    assert.ok(problems.includes("\\u001b[31mx"));
    assert.ok(!problems.includes("\u001b"));
    assert.ok(quoted("x".repeat(10_000)).length < 250);
    const many = Array.from({ length: 50 }, (_, n) => [`a/node_modules/x${n}/package.json`, "{"] as const);
    assert.match(await problemsOf(many), /; and 47 more\.$/);
  });
});

describe("symlinkTarget", () => {
  it("resolves by text, and stays below the root", () => {
    assert.equal(symlinkTarget("/etc/os-release", "../usr/lib/os-release"), "/usr/lib/os-release");
    assert.equal(symlinkTarget("/a/b", "/x/../y/."), "/y");
    assert.equal(symlinkTarget("/a", "../../../x"), "/x");
  });
});
