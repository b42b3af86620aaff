import assert from "node:assert/strict";
import { makeLock } from "../../../../provider/packages/lock/make";
import { isCanonical, parseLock } from "../../../../provider/packages/lock/parse";
import { packageOf, packagesOf } from "../in-short";

const EMPTY = { schema: 2, bases: [], packages: [], sources: [], unpinned: [] };
const ITEM = { ecosystem: "dpkg", name: "curl", version: "1" };

const lockWith = (change: object): string => JSON.stringify({ ...EMPTY, ...change });
const packageWith = (change: object): string => lockWith({ packages: [{ ...ITEM, ...change }] });

describe("parseLock", () => {
  const refused: [claim: string, text: string | Uint8Array, message: RegExp][] = [
    ["text that is no JSON", "{", /it is not JSON/],
    ["an empty file", "", /it is not JSON/],
    ["a byte order mark", Buffer.from(`\ufeff${lockWith({})}`), /it is not JSON/],
    ["bytes that are no UTF-8", Uint8Array.from([0x7b, 0xff, 0x7d]), /it is not UTF-8/],
    ["a list", "[]", /it is not a JSON object/],
    ["null", "null", /it is not a JSON object/],
    ["no schema version", "{}", /names no schema version/],
    ["a newer schema", lockWith({ schema: 3 }), /schema version 3 is not known; this package knows 2/],
    ["a schema of another type", lockWith({ schema: "1" }), /schema version "1" is not known/],
    ["a missing list", JSON.stringify({ schema: 2 }), /bases: .*; packages: .*; sources: .*; unpinned: /],
    ["an unknown field", lockWith({ extra: 1 }), /the document: .*"extra"/],
    ["an own __proto__", `{"__proto__":{},${lockWith({}).slice(1)}`, /__proto__/],
    ["an unknown field of a package", packageWith({ installer: "pip" }), /packages\[0\]: .*installer/],
    [
      "an unknown ecosystem",
      lockWith({ packages: [ITEM, { ...ITEM, ecosystem: "apt" }] }),
      /packages\[1\]\.ecosystem: /,
    ],
    ["an empty name", packageWith({ name: "" }), /packages\[0\]\.name: must not be empty/],
    ["a null version", packageWith({ version: null }), /packages\[0\]\.version: /],
    ["a null hash", packageWith({ hash: null }), /packages\[0\]\.hash: /],
    ["a lone surrogate", packageWith({ name: "\ud800" }), /packages\[0\]\.name: .*well-formed/],
    [
      "a base without digest",
      lockWith({ bases: [{ reference: "debian", digest: "latest" }] }),
      /bases\[0\]\.digest: must be sha256/,
    ],
    [
      "line zero",
      lockWith({ unpinned: [{ line: 0, kind: "k", text: "t", reason: "r" }] }),
      /unpinned\[0\]\.line: /,
    ],
  ];
  for (const [claim, text, message] of refused) {
    it(`refuses ${claim}`, () => {
      assert.throws(() => parseLock(text), { name: "LockError", message });
      assert.equal(isCanonical(text), false);
    });
  }

  it("reads any order and layout, and gives the canonical order", () => {
    const packages = [{ ...ITEM, name: "z", arch: "" }, ITEM, ITEM];
    const lock = parseLock(JSON.stringify({ ...EMPTY, packages }, null, 2));
    assert.deepEqual(lock.packages, [ITEM, { ...ITEM, name: "z" }]);
  });

  it("names the first five problems and counts the rest", () => {
    const packages = Array.from({ length: 8 }, () => ({ ...ITEM, name: "" }));
    assert.throws(
      () => parseLock(lockWith({ packages })),
      /packages\[4\]\.name: must not be empty; and 3 more\. Restore/,
    );
  });

  it("takes a lock with a repeated key for not canonical", () =>
    assert.equal(
      isCanonical('{"bases":[],"bases":[],"packages":[],"schema":2,"sources":[],"unpinned":[]}'),
      false,
    ));
});

describe("makeLock", () => {
  const parts = { bases: [], packages: [], sources: [], unpinned: [] };

  it("refuses what could not be read back", () => {
    const packages = [{ ...packageOf("dpkg:a@1"), version: "\udc00" }];
    const bases = [{ reference: "debian", digest: "" }];
    assert.throws(() => makeLock({ ...parts, packages }), { name: "LockError" });
    assert.throws(() => makeLock({ ...parts, bases }), { name: "LockError" });
  });

  it("leaves its input as it is", () => {
    const packages = Object.freeze(packagesOf("pip:b@1", "pip:a@1").map((item) => Object.freeze(item)));
    assert.deepEqual(makeLock({ ...parts, packages }).packages, packagesOf("pip:a@1", "pip:b@1"));
    assert.deepEqual(packages, packagesOf("pip:b@1", "pip:a@1"));
  });
});
