import { byKeys } from "../lock/order";
import type { Drift, LockedPackage } from "../lock/types";
import { type IdentityDifference, addDifference } from "./difference";
import { identityNumbers } from "./identity";
import { type Namer, namerFor } from "./names";
import { withoutEqualRuns } from "./unequal";
import { versionsShown } from "./versions";

/**
 * Compares two lists of packages. The identity of a package is (stage, transient, ecosystem, root, name, arch). A list
 * may contain a package several times. Its order doesn't matter. Hashes are compared only if both sides have one. The
 * same version with two hashes is a change, which is shown as `1.2.3 (sha256:abcdef123456)`. Two ways to write one Python
 * version are the same version.
 *
 * The three lists of the result are sorted by name in code point order. {@link namerFor} explains the names.
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

/** The packages of each identity. The index is the identity's number. */
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
