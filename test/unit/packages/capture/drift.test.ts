import assert from "node:assert/strict";
import { comparePackages } from "../../../../provider/packages/compare/compare";
import { driftLines } from "../../../../provider/packages/compare/summary";
import { captureOf, conda, type Files, gem } from "./archive-builder";

const drift = async (before: Files, after: Files): Promise<string[]> =>
  driftLines(comparePackages((await captureOf(before)).packages, (await captureOf(after)).packages));

describe("what two captures differ in", () => {
  it("names a gem by its root where two roots have it, and plainly where one has", async () => {
    const common = gem("srv/vendor", "rake", "13.0.0");
    const [old, young] = [gem("gems", "rake", "13.0.6"), gem("gems", "rake", "13.1.0")];
    const changed = await drift({ ...common, ...old }, { ...common, ...young });
    assert.deepEqual(changed, ["changed gem:rake@/gems 13.0.6 -> 13.1.0"]);
    assert.deepEqual(await drift(old, young), ["changed gem:rake 13.0.6 -> 13.1.0"]);
  });

  it("sees another conda build, and another archive of the same build", async () => {
    const numpy = (build: string, sum: string): Files =>
      conda("opt/conda", "numpy", "1.26.4", build, { sha256: sum.repeat(64) });
    const before = numpy("py311_0", "a");
    assert.deepEqual(await drift(before, numpy("py311_1", "b")), [
      "changed conda:numpy 1.26.4-py311_0 -> 1.26.4-py311_1",
    ]);
    assert.deepEqual(await drift(before, numpy("py311_0", "b")), [
      "changed conda:numpy 1.26.4-py311_0 (sha256:aaaaaaaaaaaa) -> 1.26.4-py311_0 (sha256:bbbbbbbbbbbb)",
    ]);
    assert.deepEqual(await drift(before, before), []);
  });
});
