import assert from "node:assert/strict";
import { symlinkTarget } from "../../../../provider/packages/capture/archive/entry-path";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { quoted } from "../../../../provider/packages/capture/errors";
import { answerOf, captureOf, hardLink, npm, problemsOf, stanza, streamOf, tarOf } from "./archive-builder";

const PATH = "a/node_modules/x/package.json";

describe("a hostile archive", () => {
  for (const directory of ["./a/node_modules/x", "/a//node_modules/./x"]) {
    it(`has its paths normalised: ${directory}`, async () =>
      assert.deepEqual(await answerOf("npm", npm(directory, "1.0.0", "x")), [
        "found 1",
        "npm:x@1.0.0 in /a/node_modules",
      ]));
  }

  it("is refused for a '..' in a path or a hard link's target", async () => {
    const malformed = { name: "CaptureError", code: "capture-malformed", message: /'\.\.'/ };
    await assert.rejects(captureOf({ "a/../var/lib/dpkg/status": stanza("x", "1") }), malformed);
    await assert.rejects(captureOf({ x: hardLink("../../etc/passwd") }), malformed);
  });

  it("gets the last of several entries for one path", async () => {
    const [good, bad] = [npm("a/node_modules/x"), { [PATH]: "{" }];
    const second = await answerOf("npm", good, npm("a/node_modules/x", "2.0.0", "y"));
    assert.deepEqual(second, ["found 1", "npm:y@2.0.0 in /a/node_modules"]);
    assert.equal(await problemsOf(bad, good), "");
    assert.match(await problemsOf(good, bad), /^npm /);
  });

  it("is refused for an entry of an unknown type, and for a damaged header", async () => {
    const whole = await tarOf({ a: "x", b: "y" });
    const unknown = Buffer.from(whole);
    unknown[156] = "S".charCodeAt(0);
    let sum = 8 * 32;
    unknown.subarray(0, 512).forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0 : byte));
    unknown.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    await assert.rejects(captureFileSystem(streamOf(unknown)), { code: "capture-malformed" });
    const damaged = Buffer.from(whole);
    damaged[1024] = 0x58;
    const refused = /could not be read: .*checksum|Invalid tar header/;
    await assert.rejects(captureFileSystem(streamOf(damaged)), refused);
  });

  it("can't reach the terminal through a message, nor flood it", async () => {
    const problems = await problemsOf({ "a/node_modules/\u001b[31mx/package.json": "{" });
    assert.ok(problems.includes("\\u001b[31mx"));
    assert.ok(!problems.includes("\u001b"));
    assert.ok(quoted("x".repeat(10_000)).length < 250);
    const many = Array.from({ length: 50 }, (_, n) => ({ [`a/node_modules/x${n}/package.json`]: "{" }));
    assert.match(await problemsOf(...many), /; and 47 more\.$/);
  });
});

describe("symlinkTarget", () => {
  it("resolves by text, and stays below the root", () => {
    assert.equal(symlinkTarget("/etc/os-release", "../usr/lib/os-release"), "/usr/lib/os-release");
    assert.equal(symlinkTarget("/a/b", "/x/../y/."), "/y");
    assert.equal(symlinkTarget("/a", "../../../x"), "/x");
  });
});
