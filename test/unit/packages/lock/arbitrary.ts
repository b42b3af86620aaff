import fc from "fast-check";
import type { LockParts } from "../../../../provider/packages/lock/canonical-parts";
import { ECOSYSTEMS, type LockedPackage } from "../../../../provider/packages/lock/types";

const name = fc.oneof(
  fc.constantFrom(
    "curl",
    "six",
    "__proto__",
    "constructor",
    "\u{1f600}",
    "\uffff",
    'q"\\',
    "a\u0000b",
    "\u2028",
  ),
  fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" }),
);
const maybe = (...values: string[]): fc.Arbitrary<string | undefined> =>
  fc.constantFrom(undefined, ...values);

/** Packages with many equal parts, so that identities meet. */
export const lockedPackage: fc.Arbitrary<LockedPackage> = fc.record({
  ecosystem: fc.constantFrom(...ECOSYSTEMS),
  name,
  version: fc.constantFrom("1", "2", "1.2.3", ""),
  arch: maybe("", "i386"),
  root: maybe("", "/a", "/b"),
  hash: maybe("", `sha256:${"a".repeat(64)}`, "sha512-abc=="),
  stage: maybe("", "build"),
});

const digest = fc.constantFrom(
  `sha256:${"1".repeat(64)}`,
  `sha256:${"2".repeat(64)}`,
  `sha512:${"3".repeat(128)}`,
);

/** Valid parts of a lock, unsorted and with repetitions. */
export const lockParts: fc.Arbitrary<LockParts> = fc.record({
  bases: fc.array(fc.record({ reference: name, digest }), { maxLength: 4 }),
  packages: fc.array(lockedPackage, { maxLength: 12 }),
  sources: fc.array(fc.record({ ecosystem: fc.constantFrom(...ECOSYSTEMS), entry: name }), { maxLength: 4 }),
  unpinned: fc.array(
    fc.record({ line: fc.integer({ min: 1, max: 20 }), kind: name, text: name, reason: name }),
    { maxLength: 4 },
  ),
  notCaptured: fc.array(
    name.map((what) => `not captured: ${what}`),
    { maxLength: 4 },
  ),
});
