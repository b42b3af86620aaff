import assert from "node:assert/strict";
import { compareBuilds } from "../../../../provider/build/roundtrip/compare-builds";
import { TransientsUnknownError } from "../../../../provider/build/roundtrip/errors";
import { driftOf, packagesOf } from "../../packages/in-short";

const NONE = driftOf();
/** What two builds are compared to; each has what makes its log incomplete, if anything does. */
const compared = (
  before: string[],
  after: string[],
  clipped: { before?: string[] | null; after?: string[] } = {},
) =>
  compareBuilds(
    { packages: packagesOf(...before), incomplete: clipped.before === undefined ? [] : clipped.before },
    { packages: packagesOf(...after), incomplete: clipped.after ?? [] },
  );

describe("compareBuilds", () => {
  it("judges what was removed again: another version, other bytes, none, one more", () => {
    const before = ["dpkg:v@1 gone", "dpkg:h@1 #sha256:a of b gone", "dpkg:gone@1 gone"];
    const after = ["dpkg:v@2 gone", "dpkg:h@1 #sha256:b of b gone", "dpkg:new@1 gone"];
    const drift = driftOf(
      "~ dpkg:h [stage b, removed again] | 1 (sha256:a) -> 1 (sha256:b)",
      "~ dpkg:v [removed again] | 1 -> 2",
      "+ dpkg:new [removed again] | 1",
      "- dpkg:gone [removed again] | 1",
    );
    assert.deepEqual(compared(before, after), { drift, unsure: NONE });
  });

  it("takes a hash that one side does not know for no difference", () =>
    assert.deepEqual(compared(["dpkg:a@1 #sha256:a"], ["dpkg:a@1"]).drift, NONE));

  it("is not sure of transients where either log is clipped; of everything else it is", () => {
    const before = ["dpkg:a@1", "dpkg:m@1 gone", "dpkg:n@1 of b gone"];
    const drift = driftOf("~ dpkg:a | 1 -> 2", "- dpkg:n [stage b, removed again] | 1");
    const unsure = driftOf("- dpkg:m [removed again] | 1");
    for (const clipped of [{ before: [""] }, { after: [""] }])
      assert.deepEqual(compared(before, ["dpkg:a@2"], clipped), { drift, unsure });
  });

  it("judges no transients against a build of which none were recorded", () => {
    const found = compared(["dpkg:a@1"], ["dpkg:a@1", "dpkg:m@1 gone"], { before: null });
    assert.deepEqual(found, { drift: NONE, unsure: NONE });
  });

  it("judges what pip and npm replaced between two RUNs, where both builds could tell, whatever apt's log lacks", () => {
    const [before, after] = [["pip:p@1 in /v gone until 1"], ["pip:p@2 in /v gone until 1"]];
    const drift = driftOf("~ pip:p [removed again] | 1 -> 2");
    assert.deepEqual(compared(before, after, { before: [""] }), { drift, unsure: NONE });
    const one = { packages: packagesOf(...before), incomplete: [], unordered: [""] };
    const other = { packages: packagesOf(...after), incomplete: [] };
    assert.deepEqual(compareBuilds(one, other), { drift: NONE, unsure: NONE });
  });

  it("does not mind that only one side repeats for a stage what the image has", () => {
    const repeated = ["dpkg:a@1", "dpkg:a@1 #sha256:a of b"];
    assert.deepEqual(compared(repeated, ["dpkg:a@1"]).drift, NONE);
    assert.deepEqual(compared(["dpkg:a@1"], repeated).drift, NONE);
    assert.equal(compared(repeated, ["dpkg:a@1", "dpkg:a@1 #sha256:b of b"]).drift.changed.length, 1);
    assert.equal(compared(["dpkg:a@1", "dpkg:a@2 of b"], ["dpkg:a@1"]).drift.removed.length, 1);
  });

  it("tells a stage's other bytes from the image's own, whichever side repeats them", () => {
    const [image, both] = [["dpkg:a@1 #sha256:a"], ["dpkg:a@1 #sha256:a", "dpkg:a@1 #sha256:b of b"]];
    const [toB, toA] = ["1 (sha256:a) -> 1 (sha256:b)", "1 (sha256:b) -> 1 (sha256:a)"];
    assert.deepEqual(compared(image, both).drift, driftOf(`~ dpkg:a [stage b] | ${toB}`));
    assert.deepEqual(compared(both, image).drift, driftOf(`~ dpkg:a [stage b] | ${toA}`));
    assert.deepEqual(compared(both, both).drift, NONE);
  });

  it("is not sure of a package whose bytes a clipped log does not tell", () => {
    const [known, not] = [["dpkg:a@1 #sha256:a"], ["dpkg:a@1"]];
    const unsure = driftOf("~ dpkg:a | 1 (sha256:a) -> 1 (unknown)");
    assert.deepEqual(compared(known, not, { after: [""] }), { drift: NONE, unsure });
    assert.equal(compared(not, known, { before: ["b"] }).unsure.changed.length, 1);
    assert.deepEqual(compared(not, not, { after: [""] }).unsure, NONE);
    assert.deepEqual(compared(known, known, { after: [""] }).unsure, NONE);
  });
});

describe("TransientsUnknownError", () => {
  it("names the packages, not at any length, the logs, and what to do", () => {
    assert.match(
      new TransientsUnknownError(["removed dpkg:a 1", "added dpkg:b 1"], ["x.log", "y.log"]).message,
      /^the log of a RUN was clipped.*\(removed dpkg:a 1; added dpkg:b 1\).*print less.*\(logs: x\.log, y\.log\)$/,
    );
    const many = Array.from({ length: 30 }, (_, index) => `added dpkg:p${index} 1`);
    assert.match(new TransientsUnknownError(many, []).message, /p9 1 … and 20 more\)/);
  });
});
