import assert from "node:assert/strict";
import type { Judgement } from "../../../../provider/promote/gate/clause";
import {
  overridden,
  overrideWords,
  spentAfter,
  type Spent,
  type Use,
} from "../../../../provider/promote/gate/override";
import { id } from "../../store/scratch";
import type { Registry } from "../../../../provider/engines/registry/registry";
import { askedOnce } from "../../../../provider/promote/gate/asked-once";
import { imageOf, memoryEngine } from "./memory-engine";

const NO: Judgement = {
  ok: false,
  verdict: "provenance mismatch: image b != expected a",
  clauses: [
    { property: "expectedRevision", ok: false, message: "provenance mismatch: image b != expected a" },
    { property: "expectedRevision", ok: false, message: "is not a full git revision" },
    { property: "requireVerified", ok: true, message: "the image is verified" },
  ],
};
const YES: Judgement = { ok: true, verdict: "provenance match: a", clauses: [] };
const REFUSED = ["provenance mismatch: image b != expected a", "expectedRevision is not a full git revision"];
const use = (changes: Partial<Use> = {}): Use => ({
  reason: "INC-1",
  imageId: id("a"),
  expectedRevision: "e",
  targets: ["web:production"],
  host: null,
  ...changes,
});
const after = (...uses: Use[]): Spent[] => uses.reduce<Spent[]>((spent, each) => spentAfter(spent, each), []);

describe("overridden", () => {
  it("lets one promotion pass, with every refused clause on record, and the verdict as it is", () => {
    const judged = overridden(NO, use(), []);
    assert.deepEqual(judged, { ...NO, ok: true, override: { reason: "INC-1", refused: REFUSED } });
    assert.deepEqual(overrideWords(judged, "INC-1"), {
      severity: "warning",
      words:
        'GATE OVERRIDDEN: this promotion passes although the gate refuses it. Reason given: "INC-1". ' +
        `Refused: (1) ${REFUSED[0]} (2) ${REFUSED[1]}`,
    });
  });

  it("is nothing where nothing is refused, and says so", () => {
    const judged = overridden(YES, use(), []);
    assert.deepEqual(judged, { ...YES, override: null });
    assert.equal(overrideWords(judged, "INC-1")?.severity, "info");
  });

  it("is spent by a promotion that did not need it, so that it can't let the next one pass", () => {
    const spent = after(use());
    assert.deepEqual(spent, [use()]);
    assert.equal(overridden(NO, use({ imageId: id("b") }), spent).ok, false);
    assert.equal(overridden(NO, use(), spent).ok, true, "the promotion that it was given for");
    assert.equal(overridden(NO, use(), after(use(), use({ imageId: id("b") }))).ok, false);
  });

  it("is nothing without a reason", () => {
    const judged = overridden(NO, use({ reason: null }), []);
    assert.deepEqual(judged, { ...NO, override: null });
    assert.equal(overrideWords(judged, null), null);
  });

  it("goes on covering the same promotion, and part of its targets, so that it can be healed", () => {
    const spent = after(use({ targets: ["web:production", "web:canary"] }));
    for (const same of [use(), use({ targets: ["web:canary"] }), use({ targets: [] })]) {
      assert.equal(overridden(NO, same, spent).ok, true);
      assert.deepEqual(spentAfter(spent, same), spent);
    }
  });

  for (const [what, changes] of Object.entries({
    "another image": { imageId: id("b") },
    "another expectation": { expectedRevision: "f" },
    "one more target": { targets: ["web:production", "web:more"] },
    "another engine": { host: "staging" },
  })) {
    it(`is spent for ${what}, and says on what; a new reason is not`, () => {
      const spent = after(use());
      const judged = overridden(NO, use(changes), spent);
      assert.equal(judged.ok, false);
      assert.equal(judged.override, null);
      assert.deepEqual(judged.clauses.at(-1), {
        property: "overrideReason",
        ok: false,
        message:
          '"INC-1" was spent on image aaaaaaaaaaaa (expected revision e) for web:production; one reason lets one ' +
          "promotion pass: mend what is refused, or give a new reason",
      });
      assert.equal(overrideWords(judged, "INC-1"), null);
      assert.equal(overridden(NO, use({ ...changes, reason: "INC-2" }), spent).ok, true);
    });
  }

  it("stays spent when other promotions have followed, good ones and overridden ones", () => {
    const other = use({ imageId: id("b") });
    for (const spent of [
      after(use(), other),
      after(use(), use({ ...other, reason: null })),
      after(use(), use({ ...other, reason: "INC-2" })),
    ]) {
      assert.equal(overridden(NO, use(), spent).ok, false, "the same image again is another promotion");
      assert.equal(overridden(NO, use({ imageId: id("c") }), spent).ok, false);
      assert.equal(overridden(NO, use({ reason: "INC-3" }), spent).ok, true);
    }
  });
});

const [OLD, NEW] = [imageOf(id("a")), imageOf(id("b"))];

describe("askedOnce", () => {
  it("puts each question to the engine once, also while it is under way, and keeps one picture", async () => {
    const engine = memoryEngine([OLD, NEW], { "web:1": OLD.id, "web:2": NEW.id });
    const seen = askedOnce({ engine, registry: registryOf([]) }).engine;
    const [first, second] = await Promise.all([
      seen.inspect(["web:1", "web:2"]),
      seen.inspect(["web:2", "web:3"]),
      seen.identity(),
      seen.identity(),
    ]);
    engine.tags.set("web:1", NEW.id);
    const third = await seen.inspect(["web:1", "web:3"]);
    assert.deepEqual(engine.calls, ["inspect web:1 web:2", "inspect web:3", "identity"]);
    assert.deepEqual([first.get("web:1"), first.get("web:2")], [OLD, NEW]);
    assert.deepEqual([second.get("web:2"), second.get("web:3")], [NEW, null]);
    assert.deepEqual([third.get("web:1"), third.get("web:3")], [OLD, null]);
  });

  it("puts each question to a registry once, and one that failed has failed", async () => {
    const calls: string[] = [];
    const { registry } = askedOnce({ engine: memoryEngine([]), registry: registryOf(calls) });
    for (const reference of ["r.io/web:1", "r.io/web:2", "r.io/web:1"]) {
      await assert.rejects(registry.digestOf(reference), new RegExp(`no answer for ${reference}`));
      assert.equal(await registry.describe(reference), null);
    }
    assert.deepEqual(calls, [
      ...["digestOf r.io/web:1", "describe r.io/web:1"],
      ...["digestOf r.io/web:2", "describe r.io/web:2"],
    ]);
  });
});

/** A registry that has nothing, and keeps what it was asked; of digests it can't tell. */
function registryOf(calls: string[]): Registry {
  return {
    digestOf: (reference) => {
      calls.push(`digestOf ${reference}`);
      return Promise.reject(new Error(`no answer for ${reference}`));
    },
    describe: (reference) => {
      calls.push(`describe ${reference}`);
      return Promise.resolve(null);
    },
    point: () => Promise.reject(new Error("moved")),
    attached: () => Promise.reject(new Error("moved")),
    bring: () => Promise.reject(new Error("moved")),
  };
}
