import assert from "node:assert/strict";
import type { Drift, LockedPackage } from "../../../../provider/packages/lock/types";
import { compareBuilds } from "../../../../provider/build/roundtrip/compare-builds";
import { TransientsUnknownError } from "../../../../provider/build/roundtrip/errors";

const deb = (name: string, stage?: string, version = "1", hash?: string): LockedPackage => ({
  ...{ ecosystem: "dpkg", name, version },
  ...(hash === undefined ? {} : { hash }),
  ...(stage === undefined ? {} : { stage }),
});
/** One that was removed again within the build. */
const gone = (...facts: Parameters<typeof deb>): LockedPackage => ({ ...deb(...facts), transient: true });
const NONE: Drift = { changed: [], added: [], removed: [] };
type Clipped = { before?: string[] | null; after?: string[] };
const compared = (before: LockedPackage[], after: LockedPackage[], clipped: Clipped = {}) =>
  compareBuilds(
    { packages: before, incomplete: clipped.before === undefined ? [] : clipped.before },
    { packages: after, incomplete: clipped.after ?? [] },
  );

describe("compareBuilds", () => {
  it("judges what was removed again: another version, other bytes, none, one more", () => {
    const before = [gone("v"), gone("h", "b", "1", "sha256:a"), gone("gone")];
    const after = [gone("v", undefined, "2"), gone("h", "b", "1", "sha256:b"), gone("new")];
    assert.deepEqual(compared(before, after), {
      drift: {
        changed: [
          { name: "dpkg:h [stage b, removed again]", from: "1 (sha256:a)", to: "1 (sha256:b)" },
          { name: "dpkg:v [removed again]", from: "1", to: "2" },
        ],
        added: [{ name: "dpkg:new [removed again]", version: "1" }],
        removed: [{ name: "dpkg:gone [removed again]", version: "1" }],
      },
      unsure: NONE,
    });
  });

  it("takes a hash that one side does not know for no difference", () =>
    assert.deepEqual(compared([deb("a", undefined, "1", "sha256:a")], [deb("a")]).drift, NONE));

  it("is not sure of transients where either log is clipped; of everything else it is", () => {
    const before = [deb("a"), gone("m"), gone("n", "b")];
    const after = [deb("a", undefined, "2")];
    for (const clipped of [{ before: [""] }, { after: [""] }]) {
      const { drift, unsure } = compared(before, after, clipped);
      const removed = [{ name: "dpkg:n [stage b, removed again]", version: "1" }];
      assert.deepEqual(drift, { changed: [{ name: "dpkg:a", from: "1", to: "2" }], added: [], removed });
      assert.deepEqual(unsure, { ...NONE, removed: [{ name: "dpkg:m [removed again]", version: "1" }] });
    }
  });

  it("judges no transients against a build of which none were recorded", () => {
    const found = compared([deb("a")], [deb("a"), gone("m")], { before: null });
    assert.deepEqual(found, { drift: NONE, unsure: NONE });
  });

  it("judges what pip and npm replaced between two RUNs, where both builds could tell, whatever apt's log lacks", () => {
    const pip: LockedPackage = {
      ecosystem: "pip",
      name: "p",
      version: "1",
      root: "/v",
      transient: true,
      run: 1,
    };
    const after = [{ ...pip, version: "2" }];
    const changed = [{ name: "pip:p [removed again]", from: "1", to: "2" }];
    assert.deepEqual(compared([pip], after, { before: [""] }), { drift: { ...NONE, changed }, unsure: NONE });
    const one = { packages: [pip], incomplete: [], unordered: [""] };
    assert.deepEqual(compareBuilds(one, { packages: after, incomplete: [] }), { drift: NONE, unsure: NONE });
  });

  it("does not mind that only one side repeats for a stage what the image has", () => {
    const repeated = [deb("a"), deb("a", "b", "1", "sha256:a")];
    assert.deepEqual(compared(repeated, [deb("a")]).drift, NONE);
    assert.deepEqual(compared([deb("a")], repeated).drift, NONE);
    const other = [deb("a"), deb("a", "b", "1", "sha256:b")];
    assert.equal(compared(repeated, other).drift.changed.length, 1);
    assert.equal(compared([deb("a"), deb("a", "b", "2")], [deb("a")]).drift.removed.length, 1);
  });

  it("tells a stage's other bytes from the image's own, whichever side repeats them", () => {
    const image = deb("a", undefined, "1", "sha256:a");
    const other = deb("a", "b", "1", "sha256:b");
    const changed = (from: string, to: string): Drift => ({
      ...NONE,
      changed: [{ name: "dpkg:a [stage b]", from: `1 (sha256:${from})`, to: `1 (sha256:${to})` }],
    });
    assert.deepEqual(compared([image], [image, other]).drift, changed("a", "b"));
    assert.deepEqual(compared([image, other], [image]).drift, changed("b", "a"));
    assert.deepEqual(compared([image, other], [image, other]).drift, NONE);
  });

  it("is not sure of a package whose bytes a clipped log does not tell", () => {
    const [known, not] = [deb("a", undefined, "1", "sha256:a"), deb("a")];
    const { drift, unsure } = compared([known], [not], { after: [""] });
    assert.deepEqual(drift, NONE);
    assert.deepEqual(unsure.changed, [{ name: "dpkg:a", from: "1 (sha256:a)", to: "1 (unknown)" }]);
    assert.equal(compared([not], [known], { before: ["b"] }).unsure.changed.length, 1);
    assert.deepEqual(compared([not], [not], { after: [""] }).unsure, NONE);
    assert.deepEqual(compared([known], [known], { after: [""] }).unsure, NONE);
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
