import assert from "node:assert/strict";
import { copyFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ImageId } from "../../../../provider/base/reference/types";
import type { Engine } from "../../../../provider/engines/engine";
import { VerifyError } from "../../../../provider/base/errors/verify-error";
import { checkVerified } from "../../../../provider/build/functions/check-verified";
import { verificationOf } from "../../../../provider/store/verification-of";
import { planOfRecord } from "../../../../provider/build/functions/verify-round-trip";
import { StoreError } from "../../../../provider/base/errors/store-error";
import type { Mark } from "../../../../provider/store/mark";
import { buildPaths } from "../../../../provider/store/paths";
import { imageOf, memoryEngine } from "../../promote/gate/memory-engine";
import { driftOf } from "../../packages/in-short";
import { at, id, putBuild, putMark, recordOf, scratch } from "../../store/scratch";

const DRIFT = driftOf("~ dpkg:curl | 1 -> 2", "+ pip:six | 3");

/** An engine that never answers: what the store knows has to do. */
const host = "unix:///nonexistent/docker.sock";

/** A store with one build `web`, marked unless it is said otherwise. */
async function store(state: "verified" | "unverified" | null, changes: Partial<Mark> = {}) {
  const root = scratch();
  const paths = await putBuild(root, "web", at(1), { latest: true });
  if (state !== null) await putMark(paths, state, changes);
  return { root, paths };
}

describe("checkVerified", () => {
  const said: string[] = [];
  const original = console.warn;
  beforeEach(() => {
    said.length = 0;
    console.warn = (text: string) => void said.push(text);
  });
  afterEach(() => (console.warn = original));
  it("is silent about what is verified, by any of its names", async () => {
    const { root } = await store("verified");
    for (const artifact of ["web", "web:latest", `web:${at(1)}`, id("a")]) {
      const found = await checkVerified(artifact, { root, host, requireVerified: true });
      assert.deepEqual(found, { state: "verified", detail: `${artifact} is verified` });
    }
    assert.deepEqual(said, []);
  });

  it("warns of drift by name, on every use", async () => {
    const { root } = await store("unverified", { drift: DRIFT, reason: "the locked rebuild differs" });
    const detail = "web is not verified (unverified): changed dpkg:curl 1 -> 2; added pip:six 3";
    for (let use = 1; use <= 2; use++) {
      assert.deepEqual(await checkVerified("web", { root, host }), { state: "unverified", detail });
      assert.deepEqual(said, Array(use).fill(`warning: ${detail}`));
    }
  });

  it("says the reason where there is no drift", async () => {
    const { root } = await store("unverified", { reason: "can't be rebuilt" });
    const { detail } = await checkVerified("web", { root, host });
    assert.equal(detail, "web is not verified (unverified): can't be rebuilt");
  });

  it("is unknown without a root, a store, a build or a mark", async () => {
    const { root } = await store(null);
    const absent = /the store \/none has no build of it, and which image it names can't be told: /;
    for (const [place, words] of [
      [undefined, /no artifact store was given$/],
      ["", /no artifact store was given$/],
      ["/none", absent],
      [root, /has not been verified yet/],
    ] as const) {
      const { state, detail } = await checkVerified("web", { host, root: place });
      assert.equal(state, "unknown");
      assert.match(detail, words);
    }
    assert.equal(said.length, 4);
  });

  it("throws when strict, on one line that names artifact and drift", async () => {
    for (const [changes, message] of [
      [{ drift: DRIFT }, "web is not verified: changed dpkg:curl 1 -> 2; added pip:six 3"],
      [{ reason: "one\n  two\r\nthree" }, "web is not verified: one two three"],
    ] as const) {
      const { root } = await store("unverified", changes);
      const checked = checkVerified("web", { root, host, requireVerified: true });
      await assert.rejects(checked, { name: "VerifyError", artifact: "web", message });
    }
    await assert.rejects(checkVerified("web", { host, requireVerified: true }), VerifyError);
    assert.deepEqual(said, []);
  });

  it("throws for a store that can't be understood, strict or not", async () => {
    const { root, paths } = await store(null);
    writeFileSync(paths.record, "{");
    await assert.rejects(checkVerified("web", { root, host }), StoreError);
    await assert.rejects(verificationOf(id("a"), root), StoreError);
  });

  it("knows nothing of a build whose mark can't be understood: a warning, or strictly an error", async () => {
    const { root, paths } = await store(null);
    writeFileSync(paths.verified, "{");
    assert.equal((await verificationOf(id("a"), root)).state, "unknown");
    await assert.rejects(checkVerified("web", { root, host, requireVerified: true }), VerifyError);
  });
});

describe("checkVerified, where the engine has another image under a build's name", () => {
  it("knows nothing of it, whichever of the build's names it is", async () => {
    const { root } = await store("verified");
    for (const artifact of ["web", "web:latest", `web:${at(1)}`]) {
      const named = (image: ImageId): Engine => memoryEngine([imageOf(image)], { [artifact]: image });
      assert.equal((await verificationOf(artifact, root, named(id("a")))).state, "verified");
      assert.equal((await verificationOf(artifact, root, memoryEngine([]))).state, "verified");
      const { state, reason } = await verificationOf(artifact, root, named(id("b")));
      assert.equal(state, "unknown");
      assert.equal(reason, `${artifact} names ${id("b")} now, and not the ${id("a")} that was built`);
    }
  });
});

describe("checkVerified, of a path", () => {
  it("takes a build's lock and the link to the latest for the build", async () => {
    const { root } = await store("verified");
    const { lock, latest } = buildPaths(root, "web", at(1));
    for (const artifact of [lock, latest])
      assert.equal((await verificationOf(artifact, root)).state, "verified", artifact);
  });

  it("knows nothing of what is not there, not in the store, a copy, or no artifact", async () => {
    const { root, paths } = await store(null);
    const other = scratch();
    copyFileSync(paths.lock, join(other, basename(paths.lock)));
    writeFileSync(join(root, "web", "web-1.lock"), "{}");
    writeFileSync(join(root, "web", "web-latest.lock"), "{}");
    for (const [artifact, words] of [
      [join(root, "web", `web-${at(2)}.lock`), /can't be read \(ENOENT/],
      [join(other, basename(paths.lock)), /is not in the store/],
      [join(root, "web", "web-1.lock"), /has no build of/],
      [join(root, "web", "web-latest.lock"), /has no build of/],
      [paths.record, /has no build of/],
      [root, /is not in the store/],
      ["web.lock", /can't be read \(ENOENT/],
    ] as const) {
      const { state, reason } = await verificationOf(artifact, root);
      assert.equal(state, "unknown", artifact);
      assert.match(reason ?? "", words);
    }
  });
});

describe("planOfRecord", () => {
  it("gives back what the record was made of, for another run", () => {
    const given = { target: "final", platform: "linux/amd64", host: "unix:///x", labels: { a: "b" } };
    const record = recordOf(given);
    const plan = planOfRecord(record, "artifacts", "/project");
    assert.deepEqual(plan, {
      ...plan,
      ...{ recipe: "/project/app/Dockerfile", context: "/project/app", root: "/project/artifacts" },
      ...{ ...given, buildArgs: record.buildArgs, secrets: record.secrets, revision: record.revision },
    });
    const loose = planOfRecord(recordOf({ revision: null }), "artifacts", "/project");
    assert.deepEqual([loose.target, loose.platform, loose.host, loose.revision], Array(4).fill(null));
  });
});
