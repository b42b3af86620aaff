import type { LockedBuild } from "./types";

/** The part of a lock from which an image can be built; null: an earlier version wrote the lock, and it has none. */
export function buildOf(lock: Partial<LockedBuild>): LockedBuild | null {
  const { recipe, target, platform, npmProjects, replaced, incomplete, unordered } = lock;
  if (recipe === undefined || platform === undefined || npmProjects === undefined) return null;
  if (replaced === undefined || incomplete === undefined || unordered === undefined) return null;
  const named = target === undefined ? {} : { target };
  return { recipe, ...named, platform, npmProjects, replaced, incomplete, unordered };
}
