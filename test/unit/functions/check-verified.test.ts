import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { VerifyError } from "../../../provider/errors/verify-error";
import { checkVerified, verificationOf } from "../../../provider/functions/check-verified";
import { inputsOfRecord } from "../../../provider/functions/verify-round-trip";
import { makePlan } from "../../../provider/inputs/plan";
import { StoreError } from "../../../provider/store/errors";
import { writeMark, type Mark } from "../../../provider/store/mark";
import { hashOfFile, noDrift } from "../../../provider/store/verification";
import { at, id, putBuild, recordOf, removeScratch, scratch } from "../store/scratch";

const DRIFT = {
  changed: [{ name: "dpkg:curl", from: "1", to: "2" }],
  added: [{ name: "pip:six", version: "3" }],
  removed: [],
};

/** A store with one build `web`, marked. */
async function store(state: "verified" | "unverified", changes: Partial<Mark> = {}): Promise<string> {
  const root = scratch();
  const paths = await putBuild(root, "web", at(1), { latest: true });
  await writeMark(paths, state, {
    imageId: id("a"),
    lockHash: (await hashOfFile(paths.lock)) ?? "",
    drift: noDrift(),
    reason: null,
    summary: "summary",
    at: "",
    ...changes,
  });
  return root;
}

describe("checkVerified", () => {
  const said: string[] = [];
  const original = console.warn;
  beforeEach(() => {
    said.length = 0;
    console.warn = (text: string) => void said.push(text);
  });
  afterEach(() => (console.warn = original));
  after(removeScratch);

  it("is silent about what is verified, by any of its names", async () => {
    const root = await store("verified");
    for (const artifact of ["web", "web:latest", `web:${at(1)}`, id("a")]) {
      const detail = `${artifact} is verified`;
      assert.deepEqual(await checkVerified(artifact, { root, requireVerified: true }), {
        state: "verified",
        detail,
      });
    }
    assert.deepEqual(said, []);
  });

  it("warns of drift by name, on every use", async () => {
    const root = await store("unverified", { drift: DRIFT, reason: "the locked rebuild differs" });
    const detail = "web is not verified (unverified): changed dpkg:curl 1 -> 2; added pip:six 3";
    for (let use = 1; use <= 2; use++) {
      assert.deepEqual(await checkVerified("web", { root }), { state: "unverified", detail });
      assert.deepEqual(said, Array(use).fill(`warning: ${detail}`));
    }
  });

  it("says the reason where there is no drift", async () => {
    const root = await store("unverified", { reason: "can't be rebuilt" });
    assert.equal(
      (await checkVerified("web", { root })).detail,
      "web is not verified (unverified): can't be rebuilt",
    );
  });

  it("is unknown without a root, a store, a build or a mark", async () => {
    const unmarked = scratch();
    await putBuild(unmarked, "web", at(1), { latest: true });
    for (const [options, words] of [
      [{}, /no artifact store was given$/],
      [{ root: "" }, /no artifact store was given$/],
      [{ root: "/nonexistent/store" }, /the store \/nonexistent\/store has no build of it$/],
      [{ root: unmarked }, /has not been verified yet/],
    ] as const) {
      const { state, detail } = await checkVerified("web", options);
      assert.equal(state, "unknown");
      assert.match(detail, words);
    }
    assert.equal(said.length, 4);
  });

  it("throws when strict, on one line that names artifact and drift", async () => {
    const root = await store("unverified", { drift: DRIFT });
    await assert.rejects(checkVerified("web", { root, requireVerified: true }), (error: unknown) => {
      assert.ok(error instanceof VerifyError);
      assert.equal(error.artifact, "web");
      assert.equal(error.message, "web is not verified: changed dpkg:curl 1 -> 2; added pip:six 3");
      return true;
    });
    const lines = await store("unverified", { reason: "one\n  two\r\nthree" });
    await assert.rejects(checkVerified("web", { root: lines, requireVerified: true }), {
      message: "web is not verified: one two three",
    });
    await assert.rejects(checkVerified("web", { requireVerified: true }), VerifyError);
    assert.deepEqual(said, []);
  });

  it("throws for a store that can't be understood, strict or not", async () => {
    const root = scratch();
    const paths = await putBuild(root, "web", at(1), { latest: true });
    writeFileSync(paths.record, "{");
    await assert.rejects(checkVerified("web", { root }), StoreError);
    await assert.rejects(verificationOf(id("a"), root), StoreError);
  });

  it("knows nothing of a build whose mark can't be understood: a warning, or strictly an error", async () => {
    const root = scratch();
    const paths = await putBuild(root, "web", at(1), { latest: true });
    writeFileSync(paths.verified, "{");
    assert.equal((await verificationOf(id("a"), root)).state, "unknown");
    await assert.rejects(checkVerified("web", { root, requireVerified: true }), VerifyError);
  });
});

describe("inputsOfRecord", () => {
  it("gives back what the record was made of, for another run", () => {
    const record = recordOf({
      target: "final",
      platform: "linux/amd64",
      host: "unix:///x",
      labels: { a: "b" },
    });
    const plan = makePlan(inputsOfRecord(record, "artifacts"), "/project");
    assert.equal(plan.recipe, "/project/app/Dockerfile");
    assert.equal(plan.context, "/project/app");
    assert.equal(plan.root, "/project/artifacts");
    for (const name of [
      "target",
      "platform",
      "host",
      "labels",
      "buildArgs",
      "secrets",
      "revision",
    ] as const) {
      assert.deepEqual(plan[name], record[name], name);
    }
    const loose = inputsOfRecord(recordOf({ revision: null }), "artifacts");
    assert.deepEqual([loose.target, loose.platform, loose.host, loose.revision], Array(4).fill(undefined));
  });
});
