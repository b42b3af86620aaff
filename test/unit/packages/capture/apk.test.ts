import assert from "node:assert/strict";
import { apkDetector } from "../../../../provider/packages/capture/apk/detector";
import { parseInstalled } from "../../../../provider/packages/capture/apk/installed";

const database = [
  "C:Q1p78yvTLG094tHE1+dToJGbmYzQE=",
  "P:musl",
  "V:1.2.5-r0",
  "A:x86_64",
  "F:lib",
  "R:ld-musl-x86_64.so.1",
  "a:0:0:755",
  "",
  "P:busybox",
  "V:1.36.1-r29",
  "A:x86_64",
  "",
  "",
].join("\n");

const world = { osRelease: null };
const seen = <T>(files: [string, T][], noted: string[] = [], problems: [string, string][] = []) => ({
  files: new Map(files),
  problems: new Map(problems),
  noted: new Set(noted),
});

describe("capture of apk", () => {
  it("reads name, version and checksum of every package", () => {
    const packages = parseInstalled(Buffer.from(database));
    assert.deepEqual(packages, [
      { name: "musl", version: "1.2.5-r0", arch: "x86_64", hash: "sha1-p78yvTLG094tHE1+dToJGbmYzQE=" },
      { name: "busybox", version: "1.36.1-r29", arch: "x86_64", hash: null },
    ]);
    const { state, packages: captured } = apkDetector.conclude(
      seen([["/lib/apk/db/installed", packages]]),
      world,
    );
    assert.deepEqual(state, { state: "found", count: 2 });
    assert.equal(captured?.[0]?.ecosystem, "apk");
  });

  it("refuses a cut database and a package without a version", () => {
    assert.throws(() => parseInstalled(Buffer.from(database.trimEnd())), /is cut/);
    assert.throws(() => parseInstalled(Buffer.from("P:musl\n\n")), /without a name or a version/);
    assert.throws(() => parseInstalled(Buffer.from("P:musl\nV:1\nnonsense\n")), /no field/);
    assert.throws(() => parseInstalled(Buffer.from([0x50, 0x3a, 0xff, 0x0a])));
  });

  it("takes Alpine without a package for an error, and no Alpine for absent", () => {
    assert.equal(apkDetector.conclude(seen([], ["/etc/alpine-release"]), world).state.state, "error");
    assert.equal(apkDetector.conclude(seen([["/lib/apk/db/installed", []]]), world).state.state, "error");
    assert.equal(apkDetector.conclude(seen([]), world).state.state, "absent");
  });
});
