import { placeAndVersion } from "../../packages/lock/place";
import type { Lock, LockedBuild, LockedPackage } from "../../packages/lock/types";
import type { BuildCapture } from "../roundtrip/capture-build";
import { compareRebuild, type Compared } from "../roundtrip/compare-rebuild";
import { NotCapturedMovedError, TransientsUnknownError } from "../roundtrip/errors";

const keyOf = (item: LockedPackage): string =>
  JSON.stringify([item.stage ?? "", item.transient === true, placeAndVersion(item)]);

/**
 * The lock without what a build can't show of RUNs that came from the cache: apt then reports neither the hash of a .deb nor a
 * package that was removed again. What it does report is compared.
 */
function shown(lock: Lock, { packages }: Pick<BuildCapture, "packages">): Lock {
  const seen = new Map(packages.map((item) => [keyOf(item), item]));
  const kept = lock.packages.flatMap((item): LockedPackage[] => {
    if (item.ecosystem !== "dpkg") return [item];
    const other = seen.get(keyOf(item));
    if (item.transient === true) return other === undefined ? [] : [item];
    const inImage = item.stage === undefined ? undefined : seen.get(keyOf({ ...item, stage: undefined }));
    const { hash, ...rest } = item;
    return (other ?? inImage)?.hash === undefined && hash !== undefined ? [rest] : [item];
  });
  return { ...lock, packages: kept };
}

/**
 * Compares a committed lock with what was built from it.
 *
 * @param fromCache whether a RUN came from the cache
 * @param logs of the build, for words
 * @returns the comparison; a sentence where nothing differs for certain, and it can't be told that nothing does
 */
export function compareLocked(
  lock: Lock & LockedBuild,
  captured: BuildCapture,
  fromCache: boolean,
  logs: readonly string[],
): Compared | string {
  const { incomplete, unordered } = lock;
  const record = { incompleteTransients: incomplete, unordered };
  try {
    return compareRebuild(
      fromCache ? shown(lock, captured) : lock,
      record,
      { ...captured, freed: null },
      logs,
    );
  } catch (error) {
    if (error instanceof TransientsUnknownError || error instanceof NotCapturedMovedError)
      return error.message;
    throw error;
  }
}
