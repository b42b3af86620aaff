import type { HashedEntry } from "./hash";

/** Paths that differ between two readings of a context, in byte order. The first ones, if there are many. */
export function changedPaths(
  before: readonly HashedEntry[],
  after: readonly HashedEntry[],
  most: number,
): string[] {
  const changed: string[] = [];
  let [left, right] = [0, 0];
  while (changed.length < most) {
    const [a, b] = [before[left], after[right]];
    if (a === undefined && b === undefined) break;
    const order = a === undefined ? 1 : b === undefined || a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
    if (order <= 0) left += 1;
    if (order >= 0) right += 1;
    const entry = (order <= 0 ? a : b) as HashedEntry;
    const isSame = order === 0 && (a as HashedEntry).frame.equals((b as HashedEntry).frame);
    if (!isSame) changed.push(Buffer.from(entry.path, "latin1").toString());
  }
  return changed;
}
