import { compareText } from "../lock/order";
import type { LockedPackage } from "../lock/types";
import { isSameVersion, versionKey } from "./version-key";

/** The difference between the packages of one identity on two sides. */
export interface IdentityDifference {
  changed: { before: LockedPackage; after: LockedPackage }[];
  added: LockedPackage[];
  removed: LockedPackage[];
}

/** The packages of one identity and one version. */
interface Sides {
  left: LockedPackage[];
  right: LockedPackage[];
}

/**
 * Compares all packages of one identity, and adds what differs to `found`. There may be several: an image can have
 * several versions of one rpm package. Within each version:
 * - equal packages cancel each other out;
 * - then a package without a hash cancels out one with a hash, because an unknown hash is no difference;
 * - then two packages with different hashes are a change.
 *
 * If one package is left on each side in the end, that is a change of version. Otherwise the rest was added or removed.
 * The order of the input does not matter. If the sides are swapped, the result is swapped.
 */
export function addDifference(
  found: IdentityDifference,
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): void {
  const [one, other] = [before[0], after[0]];
  if (before.length === 1 && after.length === 1 && one && other) {
    if (!isAlike(one, other)) found.changed.push({ before: one, after: other });
    return;
  }
  const rest: Sides = { left: [], right: [] };
  for (const sides of byVersion(before, after)) {
    const { left, right } = withoutUnknown(withoutEqual(sides));
    const pairs = Math.min(left.length, right.length);
    for (let at = 0; at < pairs; at += 1) {
      found.changed.push({ before: left[at] as LockedPackage, after: right[at] as LockedPackage });
    }
    for (const item of left.slice(pairs)) rest.left.push(item);
    for (const item of right.slice(pairs)) rest.right.push(item);
  }
  addRest(found, rest);
}

function addRest(found: IdentityDifference, { left, right }: Sides): void {
  const [removed, added] = [left[0], right[0]];
  if (left.length === 1 && right.length === 1 && removed && added) {
    found.changed.push({ before: removed, after: added });
    return;
  }
  for (const item of left) found.removed.push(item);
  for (const item of right) found.added.push(item);
}

function isAlike(a: LockedPackage, b: LockedPackage): boolean {
  return isSameVersion(a, b) && (a.hash === b.hash || !a.hash || !b.hash);
}

function byVersion(before: readonly LockedPackage[], after: readonly LockedPackage[]): Iterable<Sides> {
  const versions = new Map<string, Sides>();
  const add = (side: keyof Sides, item: LockedPackage): void => {
    const key = versionKey(item);
    const sides = versions.get(key) ?? { left: [], right: [] };
    sides[side].push(item);
    versions.set(key, sides);
  };
  for (const item of before) add("left", item);
  for (const item of after) add("right", item);
  return versions.values();
}

/** Removes pairs with equal hashes, or both without, from both sides. The rest is sorted by hash, unknown ones first. */
function withoutEqual({ left, right }: Sides): Sides {
  const [a, b] = [[...left].sort(byHash), [...right].sort(byHash)];
  const kept: Sides = { left: [], right: [] };
  let [x, y] = [0, 0];
  while (x < a.length && y < b.length) {
    const [one, other] = [a[x] as LockedPackage, b[y] as LockedPackage];
    const order = byHash(one, other);
    if (order < 0) kept.left.push(one);
    if (order > 0) kept.right.push(other);
    if (order <= 0) x += 1;
    if (order >= 0) y += 1;
  }
  return { left: [...kept.left, ...a.slice(x)], right: [...kept.right, ...b.slice(y)] };
}

/** Lets each package without a hash cancel out one of the other side. Only one side can still have such packages. */
function withoutUnknown({ left, right }: Sides): Sides {
  const unknown = Math.max(unknownIn(left), unknownIn(right));
  const cancelled = Math.min(unknown, left.length, right.length);
  return { left: left.slice(cancelled), right: right.slice(cancelled) };
}

function unknownIn(items: readonly LockedPackage[]): number {
  return items.filter((item) => !item.hash).length;
}

function byHash(a: LockedPackage, b: LockedPackage): number {
  return compareText(a.hash ?? "", b.hash ?? "");
}
