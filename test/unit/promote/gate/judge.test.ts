import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { DISABLED, type Judgement } from "../../../../provider/promote/gate/clause";
import { PromotionRefusedError } from "../../../../provider/promote/gate/errors";
import { examine } from "../../../../provider/promote/gate/examine";
import { judge, type Evidence } from "../../../../provider/promote/gate/judge";
import { resolveSource, SourceMissingError } from "../../../../provider/promote/gate/resolve-source";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { EngineUnreachableError } from "../../../../provider/engines/errors";
import { noDrift } from "../../../../provider/store/verification";
import type { Verification } from "../../../../provider/store/verified-state";
import { at, id, putBuild, putMark, scratch } from "../../store/scratch";
import { failing, imageOf, memoryEngine } from "./memory-engine";
import { properties } from "../../said";

const SHA = "ab".repeat(20);
const labelled = (revision: string): Evidence["image"] => imageOf(id("a"), { [REVISION_LABEL]: revision });
const judgeWith = (changes: Partial<Evidence> = {}): Judgement =>
  judge({ image: labelled(SHA), expectedRevision: SHA, enabled: true, verification: null, ...changes });
const verification = (state: Verification["state"], reason: string | null): Verification => ({
  ...{ state, drift: noDrift(), reason },
});
const refusedBy = ({ clauses }: Judgement): string[] =>
  clauses.flatMap(({ ok, property, message }) => (ok ? [] : [`${property}: ${message}`]));
const refused = (changes: Partial<Evidence>): string[] => refusedBy(judgeWith(changes));
/** The only clause that refuses. */
function refusal(changes: Partial<Evidence>): string {
  const [only = "", ...more] = refused(changes);
  assert.deepEqual(more, []);
  return only;
}
const CLOSED = "expectedRevision: provenance fail-closed:";

describe("judge", () => {
  it("says yes to an image with the label that is expected", () =>
    assert.deepEqual(judgeWith(), {
      ...{ ok: true, verdict: "provenance match: abababababab" },
      clauses: [{ property: "expectedRevision", ok: true, message: "provenance match: abababababab" }],
    }));

  it("takes SHA-256 revisions too", () => {
    const sha256 = "0f".repeat(32);
    assert.ok(judgeWith({ image: labelled(sha256), expectedRevision: sha256 }).ok);
  });

  it("says no to a mismatch, an empty expectation and a missing label, in the words of the contract", () => {
    const mismatch = "expectedRevision: provenance mismatch: image abababababab != expected cdcdcdcdcdcd";
    assert.equal(refusal({ expectedRevision: "cd".repeat(20) }), mismatch);
    for (const expectedRevision of [null, "", " "])
      assert.equal(refusal({ expectedRevision }), `${CLOSED} empty expected revision`);
    assert.equal(refusal({ image: imageOf(id("a")) }), `${CLOSED} image has no revision label`);
  });

  it("says no to equal revisions that are not full: short, upper case, with blanks around, no hex", () => {
    for (const odd of [SHA.slice(0, 12), SHA.toUpperCase(), "main", `${SHA}0`]) {
      const judged = judgeWith({ image: labelled(odd), expectedRevision: odd });
      assert.equal(judged.ok, false, odd);
      assert.equal(judged.verdict, `provenance match: ${odd.slice(0, 12)}`);
      assert.deepEqual(properties(judged.clauses.filter(({ ok }) => !ok)), ["expectedRevision", "source"]);
    }
    assert.equal(refused({ expectedRevision: ` ${SHA}` }).length, 1);
    const label = `source: the image's label ${REVISION_LABEL} is not a full git revision`;
    assert.equal(refusal({ image: labelled(`${SHA}\n`) }), label);
  });

  it("demands the verified state where the store was asked, and says why it is not", () => {
    assert.ok(judgeWith({ verification: verification("verified", null) }).ok);
    const words = `requireVerified: the image ${id("a")} is not verified (unverified): differs`;
    assert.equal(refusal({ verification: verification("unverified", "differs") }), words);
    const forged = verification("unverified", "differs\n\u001b[2Jprovenance match");
    assert.match(refusal({ verification: forged }), /: differs \\u\{1b\}\[2Jprovenance match$/);
    const unknown = refusal({ verification: verification("unknown", null) });
    assert.match(unknown, /\(unknown\): no reason on record$/);
  });

  it("leaves the provenance clause out when switched off, but not the verification", () => {
    const off = { enabled: false, image: imageOf(id("a")), expectedRevision: null };
    assert.deepEqual(judgeWith(off), { ok: true, verdict: DISABLED, clauses: [] });
    assert.equal(DISABLED, "image-freshness disabled");
    assert.equal(judgeWith({ ...off, verification: verification("unknown", "x") }).ok, false);
  });

  it("says of each revision by itself that it is not full, beside a mismatch too", () =>
    assert.deepEqual(refused({ image: labelled("abc"), expectedRevision: "main" }), [
      "expectedRevision: provenance mismatch: image abc != expected main",
      "expectedRevision: is not a full git revision; expected exactly 40 or 64 lower-case hex digits (git rev-parse HEAD)",
      `source: the image's label ${REVISION_LABEL} is not a full git revision`,
    ]));

  it("says no to a label that a base has too, and names the base; not where the label was stamped here", () => {
    const base = { id: id("b"), name: "team/base:1" };
    const inherited =
      `source: the image's label ${REVISION_LABEL} may be inherited and not its own: team/base:1 (${id("b")}), which it is ` +
      "built on, has the same; stamp the image itself (revision of ReproducibleImage, with root here, or a LABEL in the recipe " +
      "after its last FROM)";
    assert.equal(refusal({ origin: { stamped: false, bases: [base] } }), inherited);
    const untold = `source: whether the label ${REVISION_LABEL} is the image's own`;
    assert.equal(refusal({ origin: { unknown: "no answer" } }), `${untold} can't be told: no answer`);
    const stored = `source: the store has the image as built with the label ${REVISION_LABEL}, but that is`;
    assert.equal(refusal({ origin: { doubted: "HEAD moved" } }), `${stored} in doubt: HEAD moved`);
    const said = (origin: Evidence["origin"]): string | undefined =>
      judgeWith({ origin }).clauses.find(({ property }) => property === "source")?.message;
    assert.equal(said({ stamped: false, bases: [] }), "no base image with the same label is known here");
    const gone = { stamped: false, bases: null, why: "no base" } as const;
    assert.equal(judgeWith({ origin: gone }).ok, true);
    const verified = refusal({ origin: gone, verification: verification("verified", null) });
    assert.equal(verified, `${untold} or one of a base's can't be told: no base`);
    assert.equal(said({ stamped: true }), "the label is the image's own: the store has it as built with it");
    const unlabelled = refusal({ image: imageOf(id("a")), origin: { unknown: "x" } });
    assert.equal(unlabelled, `${CLOSED} image has no revision label`);
  });

  it("says mismatch, not full, inherited, no such commit, wrong branch, dirty and not verified, all at once", () => {
    const facts = { missing: null, exists: { is: false }, onBranch: { is: "no" }, sameTree: null } as const;
    const judged = judgeWith({
      image: labelled("abc"),
      origin: { stamped: false, bases: [{ id: id("b"), name: "base:1" }] },
      commit: {
        input: { worktree: "../app", branch: "main", dirty: "refuse" },
        facts: { ...facts, dirty: { is: ["x"] } },
      },
      verification: verification("unknown", "no mark"),
    });
    assert.equal(judged.ok, false);
    const properties = "expectedRevision source source commit commit.branch commit.dirty requireVerified";
    const said = judged.clauses.map(({ property, ok }) => (ok ? `holds: ${property}` : property));
    assert.deepEqual(said, properties.split(" "));
  });

  it("makes a refusal that says all of it, and that no tag was moved", () => {
    const judged = judgeWith({ expectedRevision: "", verification: verification("unknown", "no mark") });
    const { message } = new PromotionRefusedError("web:1", judged);
    const words =
      "web:1 was not promoted, and no tag was moved: provenance fail-closed: empty expected revision; " +
      `the image ${id("a")} is not verified (unknown): no mark`;
    assert.equal(message, words);
  });
});

describe("examine", () => {
  const inputs = { source: "web:1", targets: ["web:production"], expectedRevision: SHA };

  it("resolves the source with its tag made explicit, and judges what it stands for", async () => {
    const engine = memoryEngine([labelled(SHA)], { "web:latest": id("a") });
    const examined = await examine(engine, { ...inputs, source: "docker.io/library/web" });
    assert.equal(examined.image.id, id("a"));
    assert.ok(examined.judgement.ok);
    assert.equal(examined.verification, null);
    assert.deepEqual(engine.calls, [
      "inspect web:latest",
      "identity",
      `basesWith ${id("a")}`,
      `knowsBase ${id("a")}`,
    ]);
  });

  it("asks for bases with the label, and takes the store's record for proof that it was stamped here", async () => {
    const root = scratch();
    const engine = memoryEngine([labelled(SHA)], { "web:1": id("a") });
    const ask = async (extra: object = {}): Promise<boolean> =>
      (await examine(engine, { ...inputs, ...extra })).judgement.ok;
    assert.equal(await ask(), true);
    engine.bases.set(id("a"), [{ id: id("b"), name: "base:1" }]);
    assert.equal(await ask(), false);
    const own = { root, requireVerified: false };
    assert.equal(await ask(own), false, "an empty store");
    await putBuild(root, "web", at(1), { record: { revision: "cd".repeat(20) } });
    assert.equal(await ask(own), false, "a record with another revision");
    await putBuild(root, "web", at(2), { imageId: id("b"), record: { revision: SHA } });
    assert.equal(await ask(own), false, "a record of another image");
    await putBuild(root, "web", at(3), { record: { revision: SHA } });
    assert.equal(await ask(own), true);
    await putBuild(root, "web", at(4), { record: { revision: null, labels: { [REVISION_LABEL]: SHA } } });
    assert.equal(await ask(own), true, "stamped by labels");
    failing(engine, new EngineUnreachableError("no list"), "basesWith");
    const { judgement } = await examine(engine, inputs);
    assert.match(judgement.clauses.find(({ ok }) => !ok)?.message ?? "", /own can't be told: no list$/);
    assert.equal(await ask({ enabled: false }), true, "not asked with the gate switched off");
  });

  it("takes an ID instead of the source, so that a name that moves meanwhile is not judged", async () => {
    const engine = memoryEngine([labelled(SHA), imageOf(id("b"))], { "web:1": id("b") });
    assert.ok((await examine(engine, inputs, id("a"))).judgement.ok);
    assert.equal((await examine(engine, inputs)).judgement.ok, false);
  });

  it("throws for a source that is not there, and for an engine that does not answer", async () => {
    const engine = memoryEngine([]);
    await assert.rejects(examine(engine, inputs), SourceMissingError);
    const missing = /there is no image web:1 on the engine; build it first/;
    await assert.rejects(resolveSource(engine, "web:1"), missing);
    failing(engine, new EngineUnreachableError("down"));
    await assert.rejects(examine(engine, inputs), EngineUnreachableError);
  });

  it("asks the store by image ID when it is given one, and only then", async () => {
    const root = scratch();
    const engine = memoryEngine([labelled(SHA)], { "web:1": id("a") });
    const state = async (extra: object): Promise<string | null> => {
      const { verification: found, judgement } = await examine(engine, { ...inputs, ...extra });
      assert.equal(judgement.ok, found === null || found.state === "verified");
      return found?.state ?? null;
    };
    assert.equal(await state({ root }), "unknown");
    const paths = await putBuild(root, "web", at(1));
    assert.equal(await state({ root }), "unknown");
    await putMark(paths);
    assert.equal(await state({ root }), "verified");
    assert.equal(await state({ root, requireVerified: true }), "verified");
    for (const about of [{ imageId: id("b") }, { lockHash: id("0") }]) {
      await putMark(paths, "verified", about);
      assert.equal(await state({ root }), "unknown", JSON.stringify(about));
    }
    await putMark(paths);
    assert.equal(await state({ root }), "verified");
    writeFileSync(paths.lock, "{ }");
    assert.equal(await state({ root }), "unknown", "a lock that was changed");
    rmSync(paths.lock);
    assert.equal(await state({ root }), "unknown", "a lock that is gone");
    assert.equal(await state({ root, requireVerified: false }), null);
    assert.equal(await state({}), null);
  });
});
