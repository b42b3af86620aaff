import assert from "node:assert/strict";
import type { Lock } from "../../../../provider/packages/lock/types";
import { noDrift } from "../../../../provider/store/verification";
import { buildPaths } from "../../../../provider/store/paths";
import { step, stepLine, type StepEvent } from "../../../../provider/build/roundtrip/effects";
import { makePlan } from "../../../../provider/inputs/plan";
import { buildKey } from "../../../../provider/build/roundtrip/key";
import { countPackages, makeOutputs, relativePath } from "../../../../provider/build/roundtrip/outputs";
import { packagesOf } from "../../packages/in-short";
import { at, id, recordOf } from "../../store/scratch";
import { quietEffects } from "./quiet-effects";

const PLAN = {
  ...{ name: "web", context: "app", root: "store", pin: "versions" },
  ...{ buildArgs: { A: "1", B: "2" }, labels: { x: "1" }, secrets: { a: { env: "A" }, b: { env: "B" } } },
};
const HASHES = { recipeHash: id("1"), contextHash: id("2") };
const BASES = [
  { reference: "debian", digest: id("3") },
  { reference: "alpine", digest: id("4") },
];
const key = (inputs: Record<string, unknown> = {}, hashes = {}, bases = BASES): string =>
  buildKey(makePlan({ ...PLAN, ...inputs }, "/"), { ...HASHES, ...hashes }, bases);

describe("buildKey", () => {
  it("is a sha256 and the same whatever the order, the paths, and where the values of secrets are", () => {
    assert.match(key(), /^sha256:[0-9a-f]{64}$/);
    const secrets = { b: { file: "x" }, a: { env: "C" } };
    assert.equal(key({ buildArgs: { B: "2", A: "1" }, secrets }, {}, BASES.toReversed()), key());
    assert.equal(key({ name: "x", context: "x", root: "x", keep: true, timeouts: { git: 1 } }), key());
  });

  it("is what it was, so that no store builds anew", () =>
    assert.equal(key(), "sha256:7f75e0a269bd36f9c98e9d8daeae2339f255d0f0865e52eb2ce9d368b80c20ac"));

  it("changes with each thing that the build can see, and each in a way of its own", () => {
    const [, ...others] = BASES;
    const keys = [
      ...[key(), key({}, { recipeHash: id("9") }), key({}, { contextHash: id("9") })],
      ...[{ A: "1" }, { A: "2", B: "1" }].map((buildArgs) => key({ buildArgs })),
      key({ buildArgs: {}, labels: { A: "1", B: "2", x: "1" } }),
      ...[key({ target: "final" }), key({ platform: "linux/amd64" }), key({ labels: {} })],
      key({ secrets: { a: { env: "A" } } }),
      ...[key({}, {}, []), key({}, {}, [{ reference: "debian", digest: id("5") }, ...others])],
      ...["f".repeat(40), "e".repeat(40)].map((revision) => key({ revision })),
      ...[1, "1", { a: [1] }].map((force) => key({ force })),
    ];
    assert.equal(keys.length, 17);
    assert.equal(new Set(keys).size, keys.length);
  });

  it("leaves the caller's lists as they are", () => {
    const given = [...BASES];
    key({}, {}, given);
    assert.deepEqual(given, BASES);
  });
});

describe("outputs", () => {
  const lock: Lock = {
    ...{ schema: 2, sources: [], bases: [{ reference: "debian", digest: id("4") }] },
    packages: packagesOf("pip:six@1", "dpkg:curl@1", "dpkg:libc6@1", "npm:left-pad@1 of assets"),
    unpinned: [{ line: 3, kind: "git-clone", text: "git clone x", reason: "moves" }],
    notCaptured: ["not captured: Nix store (/nix/store)"],
  };

  it("count the image's own packages, sorted by ecosystem", () =>
    assert.equal(JSON.stringify(countPackages(lock)), '{"dpkg":2,"pip":1}'));

  it("have relative paths with slashes, never absolute or empty ones", () => {
    const from = (path: string): string => relativePath("/a/b", path);
    assert.deepEqual(["/a/b/c/d", "/a/x", "/a/b", "/"].map(from), ["c/d", "../x", ".", "../.."]);
  });

  it("are all declared, null where there is none", () => {
    const paths = buildPaths("/project/artifacts", "web", at(1));
    const state = { state: "unverified" as const, drift: noDrift(), reason: "differs" };
    assert.deepEqual(makeOutputs(recordOf({ revision: null }), lock, state, paths, "/project/app"), {
      ...{
        imageId: id("a"),
        digest: null,
        reference: `web:${at(1)}`,
        timestamp: at(1),
        revision: null,
        proof: null,
      },
      ...{ recipeHash: id("1"), contextHash: id("2"), lockHash: id("3") },
      lockFile: `../artifacts/web/web-${at(1)}.lock`,
      lockedRecipe: `../artifacts/web/web-${at(1)}.Dockerfile`,
      buildLog: `../artifacts/web/web-${at(1)}.build.log`,
      ...{ baseImages: lock.bases, packages: { dpkg: 2, pip: 1 } },
      ...{ unpinned: lock.unpinned, notCaptured: lock.notCaptured },
      ...{ verified: "unverified", drift: noDrift(), reason: "differs" },
    });
  });
});

describe("steps", () => {
  const error = new Error("no");
  const failed = () => Promise.reject(error);
  /** What a step reports that begins at 0 s and ends 1.5 s later. */
  async function told(work: () => Promise<void>, signal?: AbortSignal): Promise<[StepEvent[], unknown]> {
    const events: StepEvent[] = [];
    let clock = 0;
    const now = (): Date => new Date((clock += 1_500));
    const effects = quietEffects({ now, report: (event) => events.push(event), signal });
    return [events, await step(effects, "web", "build", work).catch((thrown: unknown) => thrown)];
  }

  it("are told as they begin and end, with seconds", async () => {
    const [events] = await told(() => Promise.resolve());
    assert.deepEqual(events, [
      { name: "web", step: "build", phase: "start", seconds: 0 },
      { name: "web", step: "build", phase: "end", seconds: 1.5 },
    ]);
    assert.deepEqual(events.map(stepLine), ["web: build ...", "web: build done after 1.5 s"]);
    assert.equal(await step(quietEffects(), "web", "build", () => Promise.resolve(7)), 7);
  });

  it("that fail say so, and pass the error on", async () => {
    const [events, thrown] = await told(failed);
    assert.equal(thrown, error);
    assert.deepEqual(events.map(stepLine), ["web: build ...", "web: build FAILED after 1.5 s"]);
  });

  it("don't begin after a cancellation", async () =>
    assert.deepEqual(await told(() => assert.fail("it ran"), AbortSignal.abort(error)), [[], error]));
});
