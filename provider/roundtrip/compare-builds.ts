import { comparePackages } from "../compare/compare";
import { isMoment } from "../lock/moment";
import type { Drift, LockedPackage } from "../lock/types";

/** What one build installed, and how far that is known. */
export interface Side {
  packages: readonly LockedPackage[];
  /** The `stage` of those moments of which some may be missing; null where none was recorded at all. */
  incomplete: readonly string[] | null;
}

/** What differs between two builds. */
export interface BuildDifference {
  drift: Drift;
  /** What differs in moments that are not wholly known: it may differ, or only not have been seen. */
  unsure: Drift;
}

/** A package's place and version, in the image where a stage of the build only repeats it. */
const inImage = ({ ecosystem, name, version, arch, root }: LockedPackage): string =>
  JSON.stringify([ecosystem, name, version, arch ?? "", root ?? ""]);
const inStage = (item: LockedPackage): string => `${item.stage ?? ""} ${inImage(item)}`;

/**
 * Without the packages of stages that the image has as well, unless the other side names them too: whether a lock
 * repeats them depends on moments and hashes that may be known on one side only.
 */
function withoutRepeated(items: readonly LockedPackage[], other: readonly LockedPackage[]): LockedPackage[] {
  const image = new Set(items.filter(({ stage }) => stage === undefined).map(inImage));
  const named = new Set(other.filter(({ stage }) => stage !== undefined).map(inStage));
  return items.filter(
    (item) =>
      item.stage === undefined ||
      isMoment(item.stage) ||
      !image.has(inImage(item)) ||
      named.has(inStage(item)),
  );
}

/**
 * Compares a lock with its rebuild. What is in the image and in its stages is always judged; what was there for a
 * moment, where both builds know all of it. Pure.
 */
export function compareBuilds(before: Side, after: Side): BuildDifference {
  const doubtful = new Set([...(before.incomplete ?? []), ...(after.incomplete ?? [])]);
  const part = ({ packages }: Side, moments: (stage: string) => boolean): LockedPackage[] =>
    packages.filter(({ stage }) => isMoment(stage) && stage !== undefined && moments(stage));
  const lasting = ({ packages }: Side): LockedPackage[] => packages.filter(({ stage }) => !isMoment(stage));
  const known = (side: Side): LockedPackage[] =>
    before.incomplete === null || after.incomplete === null
      ? []
      : part(side, (stage) => !doubtful.has(stage));
  const [left, right] = [lasting(before), lasting(after)];
  return {
    drift: comparePackages(
      [...withoutRepeated(left, right), ...known(before)],
      [...withoutRepeated(right, left), ...known(after)],
    ),
    unsure: comparePackages(
      part(before, (stage) => doubtful.has(stage)),
      part(after, (stage) => doubtful.has(stage)),
    ),
  };
}
