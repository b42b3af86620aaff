import { byKeys } from "../lock/order";
import type { Drift, LockedPackage } from "../lock/types";
import { type IdentityDifference, addDifference } from "./difference";
import { identityNumbers } from "./identity";
import { type Namer, namerFor } from "./names";
import { withoutEqualRuns } from "./unequal";
import { versionsShown } from "./versions";

/**
 * What differs between two lists of packages. The identity of a package is (stage, ecosystem, root, name, arch);
 * lists are multisets, and their order doesn't matter. A hash counts only where both sides know one: the same
 * version with two hashes is a change, shown as `1.2.3 (sha256:abcdef123456)`.
 *
 * All three lists of the result are sorted by name in code point order, and empty where nothing differs. The
 * names are explained at {@link namerFor}.
 */
export function comparePackages(before: readonly LockedPackage[], after: readonly LockedPackage[]): Drift {
  const [left, right] = withoutEqualRuns(before, after);
  const numberOf = identityNumbers();
  const leftGroups = grouped(left, numberOf);
  const rightGroups = grouped(right, numberOf);
  const found: IdentityDifference = { changed: [], added: [], removed: [] };
  for (let at = 0; at < Math.max(leftGroups.length, rightGroups.length); at += 1) {
    addDifference(found, leftGroups[at] ?? NONE, rightGroups[at] ?? NONE);
  }
  const wanted = [...found.changed.map((pair) => pair.before), ...found.added, ...found.removed];
  return wanted.length === 0
    ? { changed: [], added: [], removed: [] }
    : named(found, namerFor(wanted, before, after));
}

const NONE: readonly LockedPackage[] = [];

/** The packages of each identity, at its number. */
function grouped(items: LockedPackage[], numberOf: (item: LockedPackage) => number): LockedPackage[][] {
  const groups: LockedPackage[][] = [];
  for (const item of items) {
    const at = numberOf(item);
    while (groups.length <= at) groups.push([]);
    groups[at]?.push(item);
  }
  return groups;
}

function named(found: IdentityDifference, nameOf: Namer): Drift {
  const listed = (item: LockedPackage): { name: string; version: string } => ({
    name: nameOf(item),
    version: item.version,
  });
  const byVersion = byKeys<{ name: string; version: string }>(
    (entry) => entry.name,
    (entry) => entry.version,
  );
  const byChange = byKeys<Drift["changed"][number]>(
    (entry) => entry.name,
    (entry) => entry.from,
    (entry) => entry.to,
  );
  return {
    changed: found.changed
      .map(({ before, after }) => ({ name: nameOf(before), ...versionsShown(before, after) }))
      .sort(byChange),
    added: found.added.map(listed).sort(byVersion),
    removed: found.removed.map(listed).sort(byVersion),
  };
}
