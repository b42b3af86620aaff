import assert from "node:assert/strict";
import { condaDetector } from "../../../../provider/packages/capture/conda/detector";
import { answerOf, captureOf, conda, condaRecord, DIRECTORY, type Files, notUtf8 } from "./archive-builder";
import { itReads } from "./database-file";

const SHA256 = "0123456789abcdef".repeat(4);
const GOOD = condaRecord("a", "1.0", "0");

describe("the conda detector", () => {
  it("finds the packages of every prefix, with their build and the hash of their archive", async () => {
    const files: Files[] = [
      {
        "opt/conda/conda-meta": DIRECTORY,
        "opt/conda/conda-meta/history": "==> 2024-01-01 00:00:00 <==\n# cmd: conda install numpy\n",
        "opt/conda/conda-meta/state": "{}",
        "opt/conda/pkgs/a-1.0-0/info/index.json": "not read",
        "opt/conda/conda-meta/deeper/b.json": "not read",
      },
      conda("opt/conda", "numpy", "1.26.4", "py311h64a7726_0", { sha256: SHA256.toUpperCase() }),
      conda("opt/conda", "_libgcc_mutex", "0.1", "conda_forge", { md5: "d7c89558ba9fa0495403155b64376d81" }),
      conda("opt/conda/envs/old", "numpy", "1.26.4", "py310hb13e2d6_0"),
      conda("opt/conda", "ca-certificates", "2024!1.0+x", "hbcca054_0"),
    ];
    assert.deepEqual(await answerOf("conda", ...files), [
      "found 4",
      "conda:_libgcc_mutex@0.1-conda_forge in /opt/conda",
      "conda:ca-certificates@2024!1.0+x-hbcca054_0 in /opt/conda",
      "conda:numpy@1.26.4-py311h64a7726_0 in /opt/conda",
      "conda:numpy@1.26.4-py310hb13e2d6_0 in /opt/conda/envs/old",
    ]);
    const hashes = (await captureOf(...files)).packages.map(({ hash }) => hash);
    assert.deepEqual(hashes, [undefined, undefined, `sha256:${SHA256}`, undefined]);
  });

  it("has nothing to say of a prefix without packages, and of an image without conda", async () => {
    assert.deepEqual(await answerOf("conda", { "env/conda-meta/history": "" }), ["absent"]);
    assert.deepEqual(await answerOf("conda", { "a.json": "x" }), ["absent"]);
  });

  itReads(condaDetector, {
    path: "opt/conda/conda-meta/a-1.0-0.json",
    whole: GOOD,
    damaged: [
      ["empty", "", /is no valid JSON/],
      ["cut", GOOD.slice(0, -1), /is no valid JSON/],
      ["no object", "[]", /is no JSON object/],
      ["not UTF-8", notUtf8('{"x":"', `",${GOOD.slice(1)}`), /not UTF-8/],
      ["not UTF-8 in its files", Buffer.from(GOOD.replace("bin/x", "bin/\u00fc"), "latin1"), /not UTF-8/],
      ["without a name", "{}", /has no name/],
      ["without a version", condaRecord("a", "", "0"), /has no version/],
      ["without a build", GOOD.replace('"build"', '"other"'), /has no build/],
      ["with a version of the wrong type", GOOD.replace('"1.0"', "1.0"), /impossible version: "1"/],
      ["with an impossible build", condaRecord("a", "1.0", "0 1"), /impossible build/],
      ["with an impossible name", condaRecord("../a", "1.0", "0"), /impossible name/],
      ["of another build", condaRecord("a", "1.0", "1"), /contradicts its own name: it says "a-1.0-1"/],
      ["with a sum that is none", condaRecord("a", "1.0", "0", { sha256: "abc" }), /sha256 that is none/],
      ["too large", Buffer.alloc(32 * 1024 * 1024 + 1, 32), /larger than the 33554432 bytes/],
    ],
  });
});
