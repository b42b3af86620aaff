import type { LockedPackage } from "../lock/types";
import { isSameVersion } from "./version-key";

/**
 * Returns a function that numbers identities (stage, transient, ecosystem, root, name, architecture) from 0, in the
 * order in which it is called for them. An empty field is the same as an absent one. Packages that follow each other
 * usually differ only in their names; then no key is built, which keeps long lists fast.
 */
export function identityNumbers(): (item: LockedPackage) => number {
  const places = new Map<string, Map<string, number>>();
  let last: LockedPackage | null = null;
  let names = new Map<string, number>();
  let next = 0;
  return (item) => {
    if (last === null || !isSamePlace(last, item)) {
      const key = placeKey(item);
      names = places.get(key) ?? new Map<string, number>();
      places.set(key, names);
      last = item;
    }
    const known = names.get(item.name);
    if (known !== undefined) return known;
    names.set(item.name, next);
    next += 1;
    return next - 1;
  };
}

/** Whether two packages have the same identity, version and hash. */
export function isSamePackage(a: LockedPackage, b: LockedPackage): boolean {
  return a.name === b.name && isSameVersion(a, b) && isSameField(a.hash, b.hash) && isSamePlace(a, b);
}

function isSamePlace(a: LockedPackage, b: LockedPackage): boolean {
  return (
    isSameField(a.root, b.root) &&
    a.ecosystem === b.ecosystem &&
    isSameField(a.arch, b.arch) &&
    isSameField(a.stage, b.stage) &&
    a.transient === b.transient
  );
}

function isSameField(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a || "") === (b || "");
}

/** Everything of an identity except the name. The lengths keep the fields apart. */
function placeKey({ stage = "", transient, root = "", arch = "", ecosystem }: LockedPackage): string {
  return `${transient ? "transient " : ""}${stage.length},${root.length}:${ecosystem} ${stage}${root}${arch}`;
}
