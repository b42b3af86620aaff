import type { LockedPackage } from "../lock/types";
import { isSamePackage } from "./identity";

/** How many items to look ahead for a package that occurs in both lists. */
const AHEAD = 16;

/**
 * Removes equal packages from two lists in pairs, in one pass. If both lists are in the same order, nearly all equal
 * pairs are found. If not, some of them may stay. Only equal pairs are removed.
 */
export function withoutEqualRuns(
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): [before: LockedPackage[], after: LockedPackage[]] {
  const left: LockedPackage[] = [];
  const right: LockedPackage[] = [];
  let x = 0;
  let y = 0;
  while (x < before.length && y < after.length) {
    const [one, other] = [before[x] as LockedPackage, after[y] as LockedPackage];
    if (isSamePackage(one, other)) {
      x += 1;
      y += 1;
      continue;
    }
    const added = stepsTo(one, after, y);
    const removed = added === 0 ? stepsTo(other, before, x) : 0;
    for (let step = 0; step < added; step += 1) right.push(after[y + step] as LockedPackage);
    for (let step = 0; step < removed; step += 1) left.push(before[x + step] as LockedPackage);
    y += added;
    x += removed;
    if (added + removed > 0) continue;
    left.push(one);
    right.push(other);
    x += 1;
    y += 1;
  }
  for (; x < before.length; x += 1) left.push(before[x] as LockedPackage);
  for (; y < after.length; y += 1) right.push(after[y] as LockedPackage);
  return [left, right];
}

/** How many items further on the same package is; 0 if it is not within reach. */
function stepsTo(item: LockedPackage, items: readonly LockedPackage[], from: number): number {
  const end = Math.min(items.length, from + 1 + AHEAD);
  for (let at = from + 1; at < end; at += 1) {
    if (isSamePackage(item, items[at] as LockedPackage)) return at - from;
  }
  return 0;
}
