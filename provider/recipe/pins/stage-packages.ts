import { momentOf } from "../../packages/lock/moment";
import type { Lock, LockedPackage } from "../../packages/lock/types";

/**
 * The packages that one stage's installation is pinned to: the final image's, overridden by what the lock
 * records for the stage itself. What was there for a moment is part of either.
 *
 * @param stage the stage's name in the lock; null for the final stage
 */
export function stagePackages(lock: Lock, stage: string | null): LockedPackage[] {
  const final = lock.packages.filter((item) => item.stage === undefined);
  const moments = lock.packages.filter((item) => item.stage === momentOf(stage));
  if (stage === null) return [...final, ...moments];
  const own = [...lock.packages.filter((item) => item.stage === stage), ...moments];
  const identity = (item: LockedPackage): string =>
    JSON.stringify([item.ecosystem, item.name, item.arch ?? ""]);
  const overridden = new Set(own.map(identity));
  return [...own, ...final.filter((item) => !overridden.has(identity(item)))];
}
