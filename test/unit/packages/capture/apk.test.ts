import assert from "node:assert/strict";
import { apkDetector } from "../../../../provider/packages/capture/apk/detector";
import { parseInstalled } from "../../../../provider/packages/capture/apk/installed";
import { answerOf, notUtf8 } from "./archive-builder";
import { itReads } from "./database-file";

const PATH = "lib/apk/db/installed";
const DATABASE = `C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
P:musl
V:1.2.5-r0
A:x86_64
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755

P:busybox
V:1.36.1-r29
A:x86_64

`;

describe("the apk detector", () => {
  it("reads name, version and checksum of every package", async () => {
    assert.deepEqual(parseInstalled(Buffer.from(DATABASE)), [
      { name: "musl", version: "1.2.5-r0", arch: "x86_64", hash: "sha1-p78yvTLG094tHE1+dToJGbmYzQE=" },
      { name: "busybox", version: "1.36.1-r29", arch: "x86_64", hash: null },
    ]);
    const answer = ["found 2", "apk:busybox@1.36.1-r29", "apk:musl@1.2.5-r0"];
    assert.deepEqual(await answerOf("apk", { [PATH]: DATABASE }), answer);
  });

  it("takes Alpine without a package for an error, and no Alpine for absent", async () => {
    assert.deepEqual(await answerOf("apk", { "etc/alpine-release": "3.20.0\n" }), ["error"]);
    assert.deepEqual(await answerOf("apk", { [PATH]: "\n" }), ["error"]);
    assert.deepEqual(await answerOf("apk", {}), ["absent"]);
  });

  itReads(apkDetector, {
    path: PATH,
    whole: DATABASE,
    damaged: [
      ["cut inside a line", DATABASE.slice(0, -4), /is cut/],
      ["cut between the lines of the last package", DATABASE.slice(0, -1), /is cut/],
      ["cut after the last package's lines", DATABASE.trimEnd(), /is cut/],
      ["cut before a version", DATABASE.slice(0, DATABASE.lastIndexOf("V:")), /is cut/],
      ["with a package without a version", "P:musl\n\n", /without a name or a version/],
      ["not UTF-8", notUtf8("P:", "\nV:1\n\n"), /not UTF-8/],
      ["with a line that is none", "P:musl\nV:1\nnonsense\n", /no field/],
    ],
  });
});
