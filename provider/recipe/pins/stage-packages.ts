import { isInImage } from "../../packages/lock/transient";
import type { Lock, LockedPackage } from "../../packages/lock/types";

/**
 * The packages that one stage's installation is pinned to: the final image's, overridden by what the lock
 * records for the stage itself. What was removed again is part of either.
 *
 * @param stage the stage's name in the lock; null for the final stage
 */
export function stagePackages(lock: Lock, stage: string | null): LockedPackage[] {
  const ofImage = lock.packages.filter((item) => item.stage === undefined);
  if (stage === null) return ofImage;
  const final = ofImage.filter(isInImage);
  const own = lock.packages.filter((item) => item.stage === stage);
  const identity = (item: LockedPackage): string =>
    JSON.stringify([item.ecosystem, item.name, item.arch ?? ""]);
  const overridden = new Set(own.map(identity));
  return [...own, ...final.filter((item) => !overridden.has(identity(item)))];
}
