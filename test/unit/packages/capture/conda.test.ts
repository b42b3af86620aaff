import assert from "node:assert/strict";
import { brief, captureOf, DIRECTORY, type Files, problemsOf } from "./archive-builder";

const SHA256 = "0123456789abcdef".repeat(4);

const record = (name: string, version: string, build: string, more: object = {}): string =>
  JSON.stringify(
    { arch: "x86_64", build, build_number: 0, files: ["bin/x"], name, version, ...more },
    null,
    2,
  );

/** A record where conda puts it. */
function installed(prefix: string, name: string, version: string, build: string, more: object = {}): Files {
  return [[`${prefix}/conda-meta/${name}-${version}-${build}.json`, record(name, version, build, more)]];
}

const damagedAt = (content: string | Buffer): Promise<string> =>
  problemsOf([["opt/conda/conda-meta/a-1.0-0.json", content]]);

describe("the conda detector", () => {
  it("finds the packages of every prefix, with their build and the hash of their archive", async () => {
    const capture = await captureOf([
      ["opt/conda/conda-meta", DIRECTORY],
      ["opt/conda/conda-meta/history", "==> 2024-01-01 00:00:00 <==\n# cmd: conda install numpy\n"],
      ["opt/conda/conda-meta/state", "{}"],
      ...installed("opt/conda", "numpy", "1.26.4", "py311h64a7726_0", { sha256: SHA256.toUpperCase() }),
      ...installed("opt/conda", "_libgcc_mutex", "0.1", "conda_forge", {
        md5: "d7c89558ba9fa0495403155b64376d81",
      }),
      ...installed("opt/conda/envs/old", "numpy", "1.26.4", "py310hb13e2d6_0"),
      ...installed("opt/conda", "ca-certificates", "2024!1.0+x", "hbcca054_0"),
      ["opt/conda/pkgs/a-1.0-0/info/index.json", "not read"],
      ["opt/conda/conda-meta/deeper/b.json", "not read"],
    ]);
    assert.deepEqual(brief(capture), [
      "conda:_libgcc_mutex@0.1-conda_forge in /opt/conda",
      "conda:ca-certificates@2024!1.0+x-hbcca054_0 in /opt/conda",
      "conda:numpy@1.26.4-py311h64a7726_0 in /opt/conda",
      "conda:numpy@1.26.4-py310hb13e2d6_0 in /opt/conda/envs/old",
    ]);
    assert.deepEqual(
      capture.packages.map(({ hash }) => hash),
      [undefined, undefined, `sha256:${SHA256}`, undefined],
    );
    assert.deepEqual(capture.detectors["conda"], { state: "found", count: 4 });
  });

  it("has nothing to say of a prefix without packages, and of an image without conda", async () => {
    for (const files of [[["env/conda-meta/history", ""]], [["a.json", "x"]]] as Files[]) {
      assert.deepEqual((await captureOf(files)).detectors["conda"], { state: "absent" });
    }
  });

  it("fails by name for a record that is damaged or contradicts its name", async () => {
    const good = record("a", "1.0", "0");
    const damaged: [string | Buffer, RegExp][] = [
      ["", /is no valid JSON/],
      [good.slice(0, -1), /is no valid JSON/],
      ["[]", /is no JSON object/],
      [Buffer.from(good.replace("bin/x", "bin/\u00fc"), "latin1"), /not UTF-8/],
      ["{}", /has no name/],
      [record("a", "", "0"), /has no version/],
      [good.replace('"build"', '"other"'), /has no build/],
      [good.replace('"1.0"', "1.0"), /impossible version: "1"/],
      [record("a", "1.0", "0 1"), /impossible build/],
      [record("../a", "1.0", "0"), /impossible name/],
      [record("a", "1.0", "1"), /contradicts its own name: it says "a-1.0-1"/],
      [record("a", "1.0", "0", { sha256: "abc" }), /sha256 that is none/],
      [Buffer.alloc(32 * 1024 * 1024 + 1, 32), /larger than the 33554432 bytes/],
    ];
    for (const [content, expected] of damaged) {
      const problems = await damagedAt(content);
      assert.match(
        problems,
        /^conda can't say what is installed: "\/opt\/conda\/conda-meta\/a-1\.0-0\.json" /,
      );
      assert.match(problems, expected);
    }
  });
});
