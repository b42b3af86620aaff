import { comparePackages } from "../provider/packages/compare/compare";
import { isEmptyDrift, summarise } from "../provider/packages/compare/summary";
import type { Drift, Lock } from "../provider/packages/lock/types";

/** A base image that differs between two locks; null: that lock does not have it. */
export interface BaseChange {
  reference: string;
  from: string | null;
  to: string | null;
}

/** How two locks differ. */
export interface Difference extends Drift {
  identical: boolean;
  summary: string;
  bases: BaseChange[];
}

function baseChanges(before: Lock, after: Lock): BaseChange[] {
  const digests = (lock: Lock): Map<string, string> =>
    new Map(lock.bases.map(({ reference, digest }) => [reference, digest]));
  const [from, to] = [digests(before), digests(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .map((reference) => ({ reference, from: from.get(reference) ?? null, to: to.get(reference) ?? null }))
    .filter((change) => change.from !== change.to);
}

/** How many base images differ, in words. */
export function baseWords(count: number): string {
  return count === 1 ? "1 base image differs" : `${count} base images differ`;
}

/** Compares the packages and the base images of two locks. */
export function differenceOf(before: Lock, after: Lock): Difference {
  const drift = comparePackages(before.packages, after.packages);
  const bases = baseChanges(before, after);
  const packages = summarise(drift, { packages: before.packages.length });
  return {
    identical: isEmptyDrift(drift) && bases.length === 0,
    summary: bases.length === 0 ? packages : `${packages}; ${baseWords(bases.length)}`,
    ...drift,
    bases,
  };
}
