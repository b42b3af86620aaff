import assert from "node:assert/strict";
import { apkDetector } from "../../../../provider/packages/capture/apk/detector";
import { parseInstalled } from "../../../../provider/packages/capture/apk/installed";
import { condaDetector } from "../../../../provider/packages/capture/conda/detector";
import { each } from "../../../support/each";
import { answerOf, captureOf, conda, condaRecord, DIRECTORY, type Files, notUtf8 } from "./archive-builder";
import { itReads } from "./database-file";

describe("the apk detector", () => {
  const PATH = "lib/apk/db/installed";
  const whole = `C:Q1p78yvTLG094tHE1+dToJGbmYzQE=
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

  it("reads name, version and checksum of every package", () =>
    assert.deepEqual(parseInstalled(Buffer.from(whole)), [
      { name: "musl", version: "1.2.5-r0", arch: "x86_64", hash: "sha1-p78yvTLG094tHE1+dToJGbmYzQE=" },
      { name: "busybox", version: "1.36.1-r29", arch: "x86_64", hash: null },
    ]));

  each("takes Alpine without a package for an error, and no Alpine for absent: %j", [
    [{ [PATH]: whole }, ["found 2", "apk:busybox@1.36.1-r29", "apk:musl@1.2.5-r0"]],
    [{ "etc/alpine-release": "3.20.0\n" }, ["error"]],
    [{ [PATH]: "\n" }, ["error"]],
    [{}, ["absent"]],
    [
      { "fs/lib/apk/db/installed": "P:musl\nV:1\n\n", "srv/installed": "x\n" },
      ["found 1", "apk:musl@1 in /fs"],
    ],
    [{ "fs/usr/lib/apk/db/installed": "P:musl\n\n" }, ["error"]],
  ])(async (files, answer) => assert.deepEqual(await answerOf("apk", files), answer));

  itReads(apkDetector, {
    path: PATH,
    whole,
    damaged: [
      ["cut inside a line", whole.slice(0, -4), /is cut/],
      ["cut between the lines of the last package", whole.slice(0, -1), /is cut/],
      ["cut after the last package's lines", whole.trimEnd(), /is cut/],
      ["cut before a version", whole.slice(0, whole.lastIndexOf("V:")), /is cut/],
      ["with a package without a version", "P:musl\n\n", /without a name or a version/],
      ["not UTF-8", notUtf8("P:", "\nV:1\n\n"), /not UTF-8/],
      ["with a line that is none", "P:musl\nV:1\nnonsense\n", /no field/],
    ],
  });
});

describe("the conda detector", () => {
  it("finds the packages of every prefix, with their build and the hash of their archive", async () => {
    const sha256 = "0123456789abcdef".repeat(4);
    const files: Files[] = [
      {
        "opt/conda/conda-meta": DIRECTORY,
        "opt/conda/conda-meta/history": "==> 2024-01-01 00:00:00 <==\n# cmd: conda install numpy\n",
        "opt/conda/conda-meta/state": "{}",
        "opt/conda/pkgs/a-1.0-0/info/index.json": "not read",
        "opt/conda/conda-meta/deeper/b.json": "not read",
      },
      conda("opt/conda", "numpy", "1.26.4", "py311h64a7726_0", { sha256: sha256.toUpperCase() }),
      conda("opt/conda", "_libgcc_mutex", "0.1", "conda_forge", { md5: "d7c89558ba9fa0495403155b64376d81" }),
      conda("opt/conda/envs/old", "numpy", "1.26.4", "py310hb13e2d6_0"),
      conda("opt/conda", "ca-certificates", "2024!1.0+x", "hbcca054_0"),
    ];
    const inBase = [
      "_libgcc_mutex@0.1-conda_forge",
      "ca-certificates@2024!1.0+x-hbcca054_0",
      "numpy@1.26.4-py311h64a7726_0",
    ];
    assert.deepEqual(await answerOf("conda", ...files), [
      "found 4",
      ...inBase.map((item) => `conda:${item} in /opt/conda`),
      "conda:numpy@1.26.4-py310hb13e2d6_0 in /opt/conda/envs/old",
    ]);
    const hashes = (await captureOf(...files)).packages.map(({ hash }) => hash);
    assert.deepEqual(hashes, [undefined, undefined, `sha256:${sha256}`, undefined]);
  });

  it("has nothing to say of a prefix without packages, and of an image without conda", async () => {
    const systems: Files[] = [{ "env/conda-meta/history": "" }, { "a.json": "x" }];
    for (const files of systems) assert.deepEqual(await answerOf("conda", files), ["absent"]);
  });

  const whole = condaRecord("a", "1.0", "0");
  const itself = (change: object): string => condaRecord("a", "1.0", "0", change);
  itReads(condaDetector, {
    path: "opt/conda/conda-meta/a-1.0-0.json",
    whole,
    damaged: [
      ["empty", "", /is no valid JSON/],
      ["cut", whole.slice(0, -1), /is no valid JSON/],
      ["no object", "[]", /is no JSON object/],
      ["not UTF-8", notUtf8('{"x":"', `",${whole.slice(1)}`), /not UTF-8/],
      ["not UTF-8 in its files", Buffer.from(whole.replace("bin/x", "bin/\u00fc"), "latin1"), /not UTF-8/],
      ["without a name", "{}", /has no name/],
      ["without a version", condaRecord("a", "", "0"), /has no version/],
      ["without a build", whole.replace('"build"', '"other"'), /has no build/],
      ["with a version of the wrong type", whole.replace('"1.0"', "1.0"), /impossible version: "1"/],
      ["with an impossible build", condaRecord("a", "1.0", "0 1"), /impossible build/],
      ["with an impossible name", condaRecord("../a", "1.0", "0"), /impossible name/],
      ["of another build", condaRecord("a", "1.0", "1"), /contradicts its own name: it says "a-1.0-1"/],
      ["with a sum that is none", itself({ sha256: "abc" }), /sha256 that is none/],
      ["too large", Buffer.alloc(32 * 1024 * 1024 + 1, 32), /larger than the 33554432 bytes/],
    ],
  });
});
