import assert from "node:assert/strict";
import type { Judgement } from "../../../../provider/promote/gate/clause";
import { overridden, overrideWords, spentAfter } from "../../../../provider/promote/gate/override";
import type { Spent, Use } from "../../../../provider/promote/gate/override";
import { id } from "../../store/scratch";
import type { Registry } from "../../../../provider/engines/registry/registry";
import { askedOnce } from "../../../../provider/promote/gate/asked-once";
import { each } from "../../../support/each";
import { imageOf, memoryEngine } from "./memory-engine";
import { readOnlyRegistry } from "./registry-image";
import { sifFiles } from "../../../../provider/promote/sif/files";

const MISMATCH = "provenance mismatch: image b != expected a";
const NO: Judgement = {
  ...{ ok: false, verdict: MISMATCH },
  clauses: [
    { property: "expectedRevision", ok: false, message: MISMATCH },
    { property: "expectedRevision", ok: false, message: "is not a full git revision" },
    { property: "requireVerified", ok: true, message: "the image is verified" },
  ],
};
const YES: Judgement = { ok: true, verdict: "provenance match: a", clauses: [] };
const REFUSED = [MISMATCH, "expectedRevision is not a full git revision"];
const passes = (changes: Partial<Use>, spent: Spent[]): boolean => overridden(NO, use(changes), spent).ok;
const use = (changes: Partial<Use> = {}): Use => ({
  ...{ reason: "INC-1", imageId: id("a"), expectedRevision: "e", targets: ["web:production"], host: null },
  ...changes,
});
const after = (...uses: Use[]): Spent[] => uses.reduce<Spent[]>((spent, each) => spentAfter(spent, each), []);

describe("overridden", () => {
  it("lets one promotion pass, with every refused clause on record, and the verdict as it is", () => {
    const judged = overridden(NO, use(), []);
    assert.deepEqual(judged, { ...NO, ok: true, override: { reason: "INC-1", refused: REFUSED } });
    const words =
      'GATE OVERRIDDEN: this promotion passes although the gate refuses it. Reason given: "INC-1". ' +
      `Refused: (1) ${REFUSED[0]} (2) ${REFUSED[1]}`;
    assert.deepEqual(overrideWords(judged, "INC-1"), { severity: "warning", words });
  });

  it("is nothing where nothing is refused, and says so", () => {
    const judged = overridden(YES, use(), []);
    assert.deepEqual(judged, { ...YES, override: null });
    assert.equal(overrideWords(judged, "INC-1")?.severity, "info");
  });

  it("is spent by a promotion that did not need it, so that it can't let the next one pass", () => {
    const spent = after(use());
    assert.deepEqual(spent, [use()]);
    assert.equal(passes({ imageId: id("b") }, spent), false);
    assert.equal(passes({}, spent), true, "the promotion that it was given for");
    assert.equal(passes({}, after(use(), use({ imageId: id("b") }))), false);
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

  const MORE: string[] = ["web:production", "web:more"];
  each("is spent for %s, and says on what; a new reason is not", [
    ["another image", { imageId: id("b") }],
    ["another expectation", { expectedRevision: "f" }],
    ["one more target", { targets: MORE }],
    ["another engine", { host: "staging" }],
  ])((_, changes) => {
    const spent = after(use());
    const judged = overridden(NO, use(changes), spent);
    assert.deepEqual([judged.ok, judged.override], [false, null]);
    const message =
      '"INC-1" was spent on image aaaaaaaaaaaa (expected revision e) for web:production; one reason lets one ' +
      "promotion pass: mend what is refused, or give a new reason";
    assert.deepEqual(judged.clauses.at(-1), { property: "overrideReason", ok: false, message });
    assert.equal(overrideWords(judged, "INC-1"), null);
    assert.equal(passes({ ...changes, reason: "INC-2" }, spent), true);
  });

  it("stays spent when other promotions have followed, good ones and overridden ones", () => {
    const other = use({ imageId: id("b") });
    for (const reason of ["INC-1", null, "INC-2"]) {
      const spent = after(use(), use({ ...other, reason }));
      assert.equal(passes({}, spent), false, "the same image again is another promotion");
      assert.equal(passes({ imageId: id("c") }, spent), false);
      assert.equal(passes({ reason: "INC-3" }, spent), true);
    }
  });
});

const [OLD, NEW] = [imageOf(id("a")), imageOf(id("b"))];

describe("askedOnce", () => {
  it("puts each question to the engine once, also while it is under way, and keeps one picture", async () => {
    const engine = memoryEngine([OLD, NEW], { "web:1": OLD.id, "web:2": NEW.id });
    const seen = askedOnce({ engine, registry: registryOf([]), sifs: sifFiles }).engine;
    const asked = [seen.inspect(["web:1", "web:2"]), seen.inspect(["web:2", "web:3"])] as const;
    const [first, second] = await Promise.all([...asked, seen.identity(), seen.identity()]);
    engine.tags.set("web:1", NEW.id);
    const third = await seen.inspect(["web:1", "web:3"]);
    assert.deepEqual(engine.calls, ["inspect web:1 web:2", "inspect web:3", "identity"]);
    assert.deepEqual([first.get("web:1"), first.get("web:2")], [OLD, NEW]);
    assert.deepEqual([second.get("web:2"), second.get("web:3")], [NEW, null]);
    assert.deepEqual([third.get("web:1"), third.get("web:3")], [OLD, null]);
  });

  it("puts each question to a registry once, and one that failed has failed", async () => {
    const calls: string[] = [];
    const { registry } = askedOnce({ engine: memoryEngine([]), registry: registryOf(calls), sifs: sifFiles });
    for (const reference of ["r.io/web:1", "r.io/web:2", "r.io/web:1"]) {
      await assert.rejects(registry.digestOf(reference), new RegExp(`no answer for ${reference}`));
      assert.equal(await registry.describe(reference), null);
    }
    const once = ["r.io/web:1", "r.io/web:2"].flatMap((name) => [`digestOf ${name}`, `describe ${name}`]);
    assert.deepEqual(calls, once);
  });
});

/** A registry that has nothing, and keeps what it was asked; of digests it can't tell. */
function registryOf(calls: string[]): Registry {
  const describe: Registry["describe"] = (reference) => {
    calls.push(`describe ${reference}`);
    return Promise.resolve(null);
  };
  const digestOf: Registry["digestOf"] = (reference) => {
    calls.push(`digestOf ${reference}`);
    return Promise.reject(new Error(`no answer for ${reference}`));
  };
  return { ...readOnlyRegistry(describe), digestOf };
}
