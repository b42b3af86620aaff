import assert from "node:assert/strict";
import type { Lock } from "../../../../provider/packages/lock/types";
import { noDrift } from "../../../../provider/store/verification";
import { buildPaths } from "../../../../provider/store/paths";
import { step, stepLine, type Effects, type StepEvent } from "../../../../provider/build/roundtrip/effects";
import { makePlan } from "../../../../provider/inputs/plan";
import { FROM_DISK } from "../../../../provider/build/roundtrip/source";
import { buildKey } from "../../../../provider/build/roundtrip/key";
import { countPackages, makeOutputs, relativePath } from "../../../../provider/build/roundtrip/outputs";
import {
  driftLine,
  imageWarning,
  unverifiedLine,
  verifiedLine,
} from "../../../../provider/build/roundtrip/warning";
import { memoryEngine } from "../../promote/gate/memory-engine";
import { at, id, recordOf } from "../../store/scratch";

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
    const keys = [
      key(),
      key({}, { recipeHash: id("9") }),
      key({}, { contextHash: id("9") }),
      key({ buildArgs: { A: "1" } }),
      key({ buildArgs: { A: "2", B: "1" } }),
      key({ buildArgs: {}, labels: { A: "1", B: "2", x: "1" } }),
      key({ target: "final" }),
      key({ platform: "linux/amd64" }),
      key({ labels: {} }),
      key({ secrets: { a: { env: "A" } } }),
      key({}, {}, []),
      key({}, {}, [{ reference: "debian", digest: id("5") }, ...BASES.slice(1)]),
      key({ revision: "f".repeat(40) }),
      key({ revision: "e".repeat(40) }),
      key({ force: 1 }),
      key({ force: "1" }),
      key({ force: { a: [1] } }),
    ];
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
    schema: 2,
    bases: [{ reference: "debian", digest: id("4") }],
    packages: [
      { ecosystem: "pip", name: "six", version: "1" },
      { ecosystem: "dpkg", name: "curl", version: "1" },
      { ecosystem: "dpkg", name: "libc6", version: "1" },
      { ecosystem: "npm", name: "left-pad", version: "1", stage: "assets" },
    ],
    sources: [],
    unpinned: [{ line: 3, kind: "git-clone", text: "git clone x", reason: "moves" }],
  };

  it("count the image's own packages, sorted by ecosystem", () =>
    assert.equal(JSON.stringify(countPackages(lock)), '{"dpkg":2,"pip":1}'));

  it("have relative paths with slashes, never absolute or empty ones", () => {
    assert.equal(relativePath("/a/b", "/a/b/c/d"), "c/d");
    assert.equal(relativePath("/a/b", "/a/x"), "../x");
    assert.equal(relativePath("/a/b", "/a/b"), ".");
    assert.equal(relativePath("/a/b", "/"), "../..");
  });

  it("are all declared, null where there is none", () => {
    const paths = buildPaths("/project/artifacts", "web", at(1));
    const state = { state: "unverified" as const, drift: noDrift(), reason: "differs" };
    assert.deepEqual(makeOutputs(recordOf({ revision: null }), lock, state, paths, "/project/app"), {
      imageId: id("a"),
      digest: null,
      reference: `web:${at(1)}`,
      timestamp: at(1),
      recipeHash: id("1"),
      contextHash: id("2"),
      lockHash: id("3"),
      lockFile: `../artifacts/web/web-${at(1)}.lock`,
      lockedRecipe: `../artifacts/web/web-${at(1)}.Dockerfile`,
      buildLog: `../artifacts/web/web-${at(1)}.build.log`,
      baseImages: lock.bases,
      packages: { dpkg: 2, pip: 1 },
      unpinned: lock.unpinned,
      verified: "unverified",
      drift: noDrift(),
      reason: "differs",
      revision: null,
    });
  });
});

describe("warnings", () => {
  const facts = { reference: `web:${at(1)}`, lockFile: "artifacts/web.lock", reason: null, drift: noDrift() };
  const drift = {
    changed: [{ name: "dpkg:curl", from: "1", to: "2" }],
    added: [{ name: "pip:six", version: "3" }],
    removed: [{ name: "npm:evil\u001b[2J", version: "1\n2" }],
  };

  it("say nothing of what is verified", () =>
    assert.equal(imageWarning({ ...facts, verified: "verified" }), null));

  it("name every drifted package on a line of its own", () =>
    assert.equal(
      imageWarning({ ...facts, verified: "unverified", drift, reason: "the locked rebuild differs" }),
      [
        "unverified: dpkg:curl 1 -> 2, added pip:six 3, +1 more",
        "  changed dpkg:curl 1 -> 2",
        "  added pip:six 3",
        "  removed npm:evil\\u{1b}[2J 1\\u{a}2",
        `  The image web:${at(1)} can be used, but nothing proves that it can be built again; lock: artifacts/web.lock`,
      ].join("\n"),
    ));

  it("tell unknown from unverified, also without a reason", () => {
    const unknown = imageWarning({ ...facts, verified: "unknown", reason: "the rebuild was skipped" });
    assert.match(unknown ?? "", /^not verified: the rebuild was skipped\n/);
    assert.match(
      imageWarning({ ...facts, verified: "unknown" }) ?? "",
      /^not verified: no verdict is on record\n/,
    );
    assert.match(
      imageWarning({ ...facts, verified: "unverified" }) ?? "",
      /^unverified: the locked rebuild differs\n/,
    );
  });

  it("begin with the first drifted names, as many as fit, and at least one", () => {
    const line = (changed: { name: string; from: string; to: string }[]): string =>
      unverifiedLine({ verified: "unverified", reason: "x", drift: { changed, added: [], removed: [] } });
    const pad = { name: "npm:left-pad", from: "1.3.0", to: "1.3.1" };
    assert.equal(line([pad]), "unverified: npm:left-pad 1.3.0 -> 1.3.1");
    assert.equal(line([pad, pad]), "unverified: npm:left-pad 1.3.0 -> 1.3.1, npm:left-pad 1.3.0 -> 1.3.1");
    assert.match(line([pad, pad, pad]), /1\.3\.1, \+1 more$/);
    const long = { ...pad, name: `npm:${"x".repeat(100)}` };
    assert.match(line([long, pad]), /^unverified: npm:x{100} 1\.3\.0 -> 1\.3\.1, \+1 more$/);
  });

  it("are one good line where there is nothing to warn of: what it holds, by ecosystem", () => {
    const line = (packages: Record<string, number>): string => verifiedLine({ packages, reference: "web:1" });
    assert.equal(line({ dpkg: 100, pip: 3 }), "verified, 103 packages (dpkg 100, pip 3); web:1");
    assert.equal(line({ apk: 1 }), "verified, 1 package (apk 1); web:1");
    assert.equal(line({ file: 12 }), "verified, no packages, 12 files compared; web:1");
    assert.equal(line({}), "verified, no packages; web:1");
  });

  it("fit on one line for errors: the drift, else the reason, else the state", () => {
    assert.equal(
      driftLine({ verified: "unverified", drift, reason: "x" }),
      "changed dpkg:curl 1 -> 2; added pip:six 3; removed npm:evil\\u{1b}[2J 1\\u{a}2",
    );
    assert.equal(driftLine({ verified: "unknown", drift: noDrift(), reason: "skipped" }), "skipped");
    assert.equal(driftLine({ verified: "unknown", drift: noDrift(), reason: null }), "unknown");
  });
});

describe("steps", () => {
  function effectsOf(signal?: AbortSignal): { effects: Effects; events: StepEvent[] } {
    const events: StepEvent[] = [];
    let clock = 0;
    const effects: Effects = {
      engine: memoryEngine([]),
      now: () => new Date((clock += 1_500)),
      report: (event) => events.push(event),
      warn: () => undefined,
      note: () => undefined,
      reader: FROM_DISK,
      concurrency: 1,
      detach: () => assert.fail("nothing is to be started"),
      signal,
    };
    return { effects, events };
  }

  it("are told as they begin and end, with seconds", async () => {
    const { effects, events } = effectsOf();
    assert.equal(await step(effects, "web", "build", () => Promise.resolve(7)), 7);
    assert.deepEqual(events, [
      { name: "web", step: "build", phase: "start", seconds: 0 },
      { name: "web", step: "build", phase: "end", seconds: 1.5 },
    ]);
    assert.deepEqual(events.map(stepLine), ["web: build ...", "web: build done after 1.5 s"]);
  });

  it("that fail say so, and pass the error on", async () => {
    const { effects, events } = effectsOf();
    const error = new Error("no");
    await assert.rejects(
      step(effects, "web", "build", () => Promise.reject(error)),
      (thrown) => thrown === error,
    );
    assert.equal(stepLine(events[1] as StepEvent), "web: build FAILED after 1.5 s");
  });

  it("don't begin after a cancellation", async () => {
    const { effects, events } = effectsOf(AbortSignal.abort(new Error("ended by SIGINT")));
    await assert.rejects(
      step(effects, "web", "build", () => assert.fail("it ran")),
      /ended by SIGINT/,
    );
    assert.deepEqual(events, []);
  });
});
