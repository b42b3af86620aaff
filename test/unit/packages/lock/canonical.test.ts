import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalLock, lockHash } from "../../../../provider/packages/lock/canonical";
import { makeLock } from "../../../../provider/packages/lock/make";
import { isCanonical, parseLock } from "../../../../provider/packages/lock/parse";
import type { LockParts } from "../../../../provider/packages/lock/canonical-parts";
import { lockOf, packagesOf } from "../in-short";
import { lockParts } from "./arbitrary";

const DIGEST = `sha256:${"ab".repeat(32)}`;

const parts = {
  bases: [{ reference: "docker.io/library/debian:bookworm-slim", digest: DIGEST }],
  packages: [
    { ecosystem: "pip", name: "six", version: "1.17.0", root: "/opt/venv", hash: "" },
    { ecosystem: "dpkg", name: "gcc", version: "12.2", stage: "build" },
    { ecosystem: "dpkg", name: "libc6", version: "2.36", arch: "i386", hash: DIGEST },
    { ecosystem: "dpkg", name: "curl", version: "7.88.1-10", arch: undefined },
    { ecosystem: "dpkg", name: "curl", version: "7.88.1-10" },
  ],
  sources: [{ ecosystem: "dpkg", entry: "deb http://deb.example bookworm main" }],
  unpinned: [
    { line: 10, kind: "git-clone", text: "git clone x", reason: "The branch moves." },
    { line: 9, kind: "download", text: 'curl "é"', reason: "No checksum." },
  ],
} satisfies LockParts;

const BYTES =
  `{"bases":[{"digest":"${DIGEST}","reference":"docker.io/library/debian:bookworm-slim"}],` +
  '"packages":[{"ecosystem":"dpkg","name":"curl","version":"7.88.1-10"},' +
  `{"arch":"i386","ecosystem":"dpkg","hash":"${DIGEST}","name":"libc6","version":"2.36"},` +
  '{"ecosystem":"pip","name":"six","root":"/opt/venv","version":"1.17.0"},' +
  '{"ecosystem":"dpkg","name":"gcc","stage":"build","version":"12.2"}],' +
  '"schema":2,"sources":[{"ecosystem":"dpkg","entry":"deb http://deb.example bookworm main"}],' +
  '"unpinned":[{"kind":"download","line":9,"reason":"No checksum.","text":"curl \\"é\\""},' +
  '{"kind":"git-clone","line":10,"reason":"The branch moves.","text":"git clone x"}]}';

function shuffled(value: LockParts, seed: number): LockParts {
  const mix = <T>(items: readonly T[]): T[] =>
    fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed, numRuns: 1 })[0] ?? [];
  return {
    bases: mix(value.bases),
    packages: mix(value.packages),
    sources: mix(value.sources),
    unpinned: mix(value.unpinned),
  };
}

describe("canonicalLock", () => {
  it("writes these bytes", () => {
    assert.equal(canonicalLock(makeLock(parts)), BYTES);
    assert.equal(canonicalLock({ schema: 2, ...parts }), BYTES);
  });

  it("writes these bytes for an empty lock", () => {
    const text = canonicalLock(lockOf());
    assert.equal(text, '{"bases":[],"packages":[],"schema":2,"sources":[],"unpinned":[]}');
    assert.equal(lockHash(text), "sha256:580ec756fa4510fc4ced359339374dd9ade52b1771d8e14aa1f29e9fdff37c91");
  });

  it("drops what a captured package has besides", () => {
    const captured = parts.packages.map((item) => ({ ...item, installer: "pip" }));
    assert.equal(canonicalLock(makeLock({ ...parts, packages: captured })), BYTES);
  });

  it("hashes the UTF-8 bytes", () => {
    assert.equal(lockHash(BYTES), lockHash(Buffer.from(BYTES, "utf8")));
    assert.equal(lockHash(""), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("sorts by code point, not by UTF-16 unit", () =>
    assert.deepEqual(
      lockOf("npm:\u{1f600}@1", "npm:\uffee@1", "npm:b@1", "npm:B@1").packages,
      packagesOf("npm:B@1", "npm:b@1", "npm:\uffee@1", "npm:\u{1f600}@1"),
    ));

  it("gives the same bytes for any order of input, and for repeated input", () => {
    fc.assert(
      fc.property(lockParts, fc.integer(), (value, seed) => {
        const text = canonicalLock(makeLock(value));
        assert.equal(canonicalLock(makeLock(shuffled(value, seed))), text);
        const twice = { ...value, packages: [...value.packages, ...value.packages] };
        assert.equal(canonicalLock(makeLock(twice)), text);
      }),
      { numRuns: 200 },
    );
  });

  it("is read back as it was, and is canonical", () => {
    fc.assert(
      fc.property(lockParts, (value) => {
        const lock = makeLock(value);
        const text = canonicalLock(lock);
        assert.deepEqual(parseLock(text), lock);
        assert.deepEqual(parseLock(Buffer.from(text)), lock);
        assert.ok(isCanonical(text));
        assert.ok(!isCanonical(`${text}\n`));
        assert.ok(!isCanonical(JSON.stringify(JSON.parse(text), null, 1)));
      }),
      { numRuns: 200 },
    );
  });
});
