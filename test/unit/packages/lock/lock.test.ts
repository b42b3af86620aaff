import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalLock, lockHash } from "../../../../provider/packages/lock/canonical";
import type { LockParts } from "../../../../provider/packages/lock/canonical-parts";
import { makeLock } from "../../../../provider/packages/lock/make";
import { isCanonical, parseLock } from "../../../../provider/packages/lock/parse";
import { buildPlace, isInImage } from "../../../../provider/packages/lock/transient";
import { aptPreferences } from "../../../../provider/recipe/pins/apt";
import { stagePackages } from "../../../../provider/recipe/pins/pinned-stage";
import { each } from "../../../support/each";
import { inShort, lockOf, packageOf, packagesOf } from "../in-short";
import { lockParts } from "./arbitrary";

const NONE = { bases: [], packages: [], sources: [], unpinned: [] };

describe("canonicalLock", () => {
  const DIGEST = `sha256:${"ab".repeat(32)}`;
  const [gcc, libc] = [packageOf("dpkg:gcc@12.2 of build"), packageOf(`dpkg:libc6:i386@2.36 #${DIGEST}`)];
  const curl = packageOf("dpkg:curl@7.88.1-10");
  const six = { ...packageOf("pip:six@1.17.0 in /opt/venv"), hash: "" };
  const parts = {
    bases: [{ reference: "docker.io/library/debian:bookworm-slim", digest: DIGEST }],
    packages: [six, gcc, libc, { ...curl, arch: undefined }, curl],
    sources: [{ ecosystem: "dpkg", entry: "deb http://deb.example bookworm main" }],
    unpinned: [
      { line: 10, kind: "git-clone", text: "git clone x", reason: "The branch moves." },
      { line: 9, kind: "download", text: 'curl "é"', reason: "No checksum." },
    ],
    notCaptured: ["not captured: Nix store (/nix/store)", "not captured: Julia packages (/root/.julia)"],
  } satisfies LockParts;
  const BYTES = `{
  "bases": [
    {"digest":"${DIGEST}","reference":"docker.io/library/debian:bookworm-slim"}
  ],
  "notCaptured": [
    "not captured: Julia packages (/root/.julia)",
    "not captured: Nix store (/nix/store)"
  ],
  "packages": [
    {"ecosystem":"dpkg","name":"curl","version":"7.88.1-10"},
    {"arch":"i386","ecosystem":"dpkg","hash":"${DIGEST}","name":"libc6","version":"2.36"},
    {"ecosystem":"pip","name":"six","root":"/opt/venv","version":"1.17.0"},
    {"ecosystem":"dpkg","name":"gcc","stage":"build","version":"12.2"}
  ],
  "schema": 2,
  "sources": [
    {"ecosystem":"dpkg","entry":"deb http://deb.example bookworm main"}
  ],
  "unpinned": [
    {"kind":"download","line":9,"reason":"No checksum.","text":"curl \\"é\\""},
    {"kind":"git-clone","line":10,"reason":"The branch moves.","text":"git clone x"}
  ]
}
`;

  it("writes these bytes, and drops what a captured package has besides", () => {
    const packages = parts.packages.map((item) => ({ ...item, installer: "pip" }));
    const locks = [makeLock(parts), { schema: 2 as const, ...parts }, makeLock({ ...parts, packages })];
    assert.deepEqual(locks.map(canonicalLock), [BYTES, BYTES, BYTES]);
  });

  it("writes these bytes for an empty lock", () => {
    const text = canonicalLock(lockOf());
    const lists = ["bases", "notCaptured", "packages"].map((name) => `  "${name}": [],\n`).join("");
    assert.equal(text, `{\n${lists}  "schema": 2,\n  "sources": [],\n  "unpinned": []\n}\n`);
    assert.equal(lockHash(text), "sha256:da6144cd4749b2d53b23e9c3af8dec091f62207bbb31f29daf2f185e39d8ff49");
  });

  it("hashes the UTF-8 bytes", () => {
    assert.equal(lockHash(BYTES), lockHash(Buffer.from(BYTES, "utf8")));
    assert.equal(lockHash(""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("sorts by code point, not by UTF-16 unit", () => {
    const { packages } = lockOf("npm:\u{1f600}@1", "npm:\uffee@1", "npm:b@1", "npm:B@1");
    assert.deepEqual(packages.map(inShort), ["npm:B@1", "npm:b@1", "npm:\uffee@1", "npm:\u{1f600}@1"]);
  });

  it("gives the same bytes for any order of input, and for repeated input", () => {
    const all = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
      fc.shuffledSubarray([...items], { minLength: items.length });
    const shuffled = lockParts.chain((one) => {
      const { bases, packages, sources, unpinned, notCaptured = [] } = one;
      const lists = { bases: all(bases), packages: all(packages), sources: all(sources) };
      const other = { ...lists, unpinned: all(unpinned), notCaptured: all(notCaptured) };
      return fc.tuple(fc.constant(one), fc.record(other));
    });
    const same = fc.property(shuffled, ([one, other]) => {
      const text = canonicalLock(makeLock(one));
      assert.equal(canonicalLock(makeLock(other)), text);
      assert.equal(canonicalLock(makeLock({ ...one, packages: [...one.packages, ...one.packages] })), text);
    });
    fc.assert(same, { numRuns: 200 });
  });

  it("is read back as it was, and is canonical", () => {
    const reads = fc.property(lockParts, (value) => {
      const lock = makeLock(value);
      const text = canonicalLock(lock);
      assert.deepEqual([parseLock(text), parseLock(Buffer.from(text))], [lock, lock]);
      const layouts = [text, `${text}\n`, JSON.stringify(JSON.parse(text), null, 1)];
      assert.deepEqual(layouts.map(isCanonical), [true, false, false]);
    });
    fc.assert(reads, { numRuns: 200 });
  });
});

describe("parseLock", () => {
  const ITEM = { ecosystem: "dpkg", name: "curl", version: "1" };
  const lockWith = (change: object): string => JSON.stringify({ schema: 2, ...NONE, ...change });
  const packageWith = (change: object): string => lockWith({ packages: [{ ...ITEM, ...change }] });
  const AN_APT = lockWith({ packages: [ITEM, { ...ITEM, ecosystem: "apt" }] });
  const NO_DIGEST = lockWith({ bases: [{ reference: "debian", digest: "latest" }] });
  const LINE_ZERO = lockWith({ unpinned: [{ line: 0, kind: "k", text: "t", reason: "r" }] });
  const NO_LINE = lockWith({ notCaptured: ["Nix store"] });
  const EIGHT = lockWith({ packages: Array(8).fill({ ...ITEM, name: "" }) });
  each("refuses %s", [
    ["text that is no JSON", "{", /it is not JSON/],
    ["an empty file", "", /it is not JSON/],
    ["a byte order mark", Buffer.from(`\ufeff${lockWith({})}`), /it is not JSON/],
    [
      "git's conflict marks",
      "{\n<<<<<<< HEAD\n",
      /git's conflict marks, the first in line 2\. Choose one side/,
    ],
    ["bytes that are no UTF-8", Uint8Array.from([0x7b, 0xff, 0x7d]), /it is not UTF-8/],
    ["a list", "[]", /it is not a JSON object/],
    ["null", "null", /it is not a JSON object/],
    ["no schema version", "{}", /names no schema version/],
    ["a newer schema", lockWith({ schema: 4 }), /schema version 4 is not known; this package knows 2, 3/],
    ["a schema of another type", lockWith({ schema: "1" }), /schema version "1" is not known/],
    ["a missing list", '{"schema":2}', /bases: .*; packages: .*; sources: .*; unpinned: /],
    ["an unknown field", lockWith({ extra: 1 }), /the document: .*"extra"/],
    ["an own __proto__", `{"__proto__":{},${lockWith({}).slice(1)}`, /__proto__/],
    ["an unknown field of a package", packageWith({ installer: "pip" }), /packages\[0\]: .*installer/],
    ["an unknown ecosystem", AN_APT, /packages\[1\]\.ecosystem: /],
    ["an empty name", packageWith({ name: "" }), /packages\[0\]\.name: must not be empty/],
    ["a null version", packageWith({ version: null }), /packages\[0\]\.version: /],
    ["a null hash", packageWith({ hash: null }), /packages\[0\]\.hash: /],
    ["a lone surrogate", packageWith({ name: "\ud800" }), /packages\[0\]\.name: .*well-formed/],
    ["a base without digest", NO_DIGEST, /bases\[0\]\.digest: must be sha256/],
    ["another line than it has", NO_LINE, /notCaptured\[0\]: .*"not captured: "/],
    ["line zero", LINE_ZERO, /unpinned\[0\]\.line: /],
    ["with five problems, and counts the rest", EIGHT, /\[4\]\.name: must not be empty; and 3 more\. Rest/],
  ])((_, text, message) => {
    assert.throws(() => parseLock(text), { name: "LockError", message });
    assert.equal(isCanonical(text), false);
  });

  it("reads any order and layout, and gives the canonical order", () => {
    const packages = [{ ...ITEM, name: "z", arch: "" }, ITEM, ITEM];
    const lock = parseLock(JSON.stringify({ schema: 2, ...NONE, packages }, null, 2));
    assert.deepEqual(lock.packages, [ITEM, { ...ITEM, name: "z" }]);
  });

  it("takes a lock with a repeated key for not canonical", () =>
    assert.equal(isCanonical(`{"bases":[],${canonicalLock(lockOf()).slice(1)}`), false));
});

describe("makeLock", () => {
  it("refuses what could not be read back", () => {
    const packages = [{ ...packageOf("dpkg:a@1"), version: "\udc00" }];
    for (const parts of [{ packages }, { bases: [{ reference: "debian", digest: "" }] }])
      assert.throws(() => makeLock({ ...NONE, ...parts }), { name: "LockError" });
  });

  it("leaves its input as it is", () => {
    const packages = Object.freeze(packagesOf("pip:b@1", "pip:a@1").map((item) => Object.freeze(item)));
    assert.deepEqual(makeLock({ ...NONE, packages }).packages, packagesOf("pip:a@1", "pip:b@1"));
    assert.deepEqual(packages, packagesOf("pip:b@1", "pip:a@1"));
  });
});

describe("a transient package", () => {
  each("%s: whether it is in the image, and what words say of it", [
    ["dpkg:a@1", true, null],
    ["dpkg:a@1 of builder", false, "stage builder"],
    ["dpkg:a@1 gone", false, "removed again"],
    ["dpkg:a@1 of builder gone", false, "stage builder, removed again"],
  ])((short, inImage, words) => {
    const item = packageOf(short);
    assert.deepEqual([isInImage(item), buildPlace(item)], [inImage, words]);
  });

  const image = ["dpkg:a@2", "dpkg:z@1", "dpkg:a@1 gone"];
  const builder = ["dpkg:own@1 of builder", "dpkg:gcc@9 of builder gone", "dpkg:z@0 of builder gone"];
  const ordered = [...image, ...builder, "dpkg:z@0 of other gone"];
  const lock = lockOf(...[...ordered].reverse());

  it("stands in one order: the image, its transients, then each stage with its own", () =>
    assert.deepEqual(lock.packages.map(inShort), ordered));

  each("of a stage is allowed there in place of what the image has of that name, and in no other stage: %s", [
    [null, image],
    ["builder", [...builder, "dpkg:a@2"]],
  ])((stage, expected) =>
    assert.deepEqual(stagePackages(lock, stage).map(inShort).sort(), [...expected].sort()),
  );

  it("has a stanza for apt beside that of another version, and none beside an equal one", () => {
    const lines = aptPreferences(packagesOf("dpkg:a@1", "dpkg:a@2", "dpkg:a@2 #sha256:b gone"));
    const said = lines.filter((line) => /^P(?:ackage: a|in: version)/.test(line));
    assert.deepEqual(said, ["Package: a", "Pin: version 1", "Package: a", "Pin: version 2"]);
  });
});
