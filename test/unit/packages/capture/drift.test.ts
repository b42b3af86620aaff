import assert from "node:assert/strict";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { driftLines } from "../../../../provider/packages/compare/summary";
import { captureOf, type Files } from "./archive-builder";

function gem(root: string, name: string, version: string): Files[number] {
  const text = `Gem::Specification.new do |s|\n  s.name = "${name}"\n  s.version = "${version}"\nend\n`;
  return [`${root}/specifications/${name}-${version}.gemspec`, text];
}

function conda(version: string, build: string, sum: string): Files[number] {
  const record = { name: "numpy", version, build, sha256: sum.repeat(64) };
  return [`opt/conda/conda-meta/numpy-${version}-${build}.json`, JSON.stringify(record)];
}

const drift = async (before: Files, after: Files): Promise<string[]> =>
  driftLines(comparePackages((await captureOf(before)).packages, (await captureOf(after)).packages));

describe("what two captures differ in", () => {
  it("names a gem by its root where two roots have it, and plainly where one has", async () => {
    const common = gem("srv/vendor", "rake", "13.0.0");
    assert.deepEqual(
      await drift([common, gem("gems", "rake", "13.0.6")], [common, gem("gems", "rake", "13.1.0")]),
      ["changed gem:rake@/gems 13.0.6 -> 13.1.0"],
    );
    assert.deepEqual(await drift([gem("gems", "rake", "13.0.6")], [gem("gems", "rake", "13.1.0")]), [
      "changed gem:rake 13.0.6 -> 13.1.0",
    ]);
  });

  it("sees another conda build, and another archive of the same build", async () => {
    const [before, sum] = [conda("1.26.4", "py311_0", "a"), "b"];
    assert.deepEqual(await drift([before], [conda("1.26.4", "py311_1", sum)]), [
      "changed conda:numpy 1.26.4-py311_0 -> 1.26.4-py311_1",
    ]);
    assert.deepEqual(await drift([before], [conda("1.26.4", "py311_0", sum)]), [
      "changed conda:numpy 1.26.4-py311_0 (sha256:aaaaaaaaaaaa) -> 1.26.4-py311_0 (sha256:bbbbbbbbbbbb)",
    ]);
    assert.deepEqual(await drift([before], [before]), []);
  });
});
