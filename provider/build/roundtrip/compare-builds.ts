import { comparePackages } from "../../packages/compare/compare";
import { placeAndVersion } from "../../packages/lock/place";
import type { Drift, LockedPackage } from "../../packages/lock/types";

/** What one build installed, and how far that is known. */
export interface Side {
  packages: readonly LockedPackage[];
  /** Stages of whose transient packages some may be missing; null where none was recorded at all. */
  incomplete: readonly string[] | null;
}

/** What differs between two builds. */
export interface BuildDifference {
  drift: Drift;
  /** What differs in what is not wholly known, for records are missing: it may differ, or only not have been seen. */
  unsure: Drift;
}

const stageOf = ({ stage, transient }: LockedPackage): string => `${stage ?? ""}${transient ? ":" : ""}`;
const inStage = (item: LockedPackage): string => `${stageOf(item)} ${placeAndVersion(item)}`;
/** The same place, at whatever version. */
const placeOf = (item: LockedPackage): string =>
  `${stageOf(item)} ${placeAndVersion({ ...item, version: "" })}`;

/**
 * With what a stage has as the image has it, where the other side names that for the stage: a lock does not repeat
 * it, unless transients or hashes differ, which may be known on one side only.
 */
function withRepeated(items: readonly LockedPackage[], other: readonly LockedPackage[]): LockedPackage[] {
  const image = new Map(
    items.filter(({ stage }) => stage === undefined).map((item) => [placeAndVersion(item), item]),
  );
  const named = new Set(items.filter(({ stage }) => stage !== undefined).map(placeOf));
  const repeated = other.flatMap((item) => {
    const same = image.get(placeAndVersion(item));
    return item.stage === undefined || same === undefined || named.has(placeOf(item))
      ? []
      : [{ ...same, stage: item.stage }];
  });
  return [...items, ...repeated];
}

/** What a hash that was not seen is shown as. */
const NOT_SEEN = "unknown";

/** Both sides' packages of one version whose bytes only one side knows, with a word where they are not known. */
function halfKnown(
  before: readonly LockedPackage[],
  after: readonly LockedPackage[],
): [LockedPackage[], LockedPackage[]] {
  const others = new Map(after.map((item) => [inStage(item), item]));
  const pairs = before.flatMap((item) => {
    const other = others.get(inStage(item));
    const half = other !== undefined && (item.hash === undefined) !== (other.hash === undefined);
    return half && item.ecosystem === "dpkg" ? [[item, other] as const] : [];
  });
  const shown = (item: LockedPackage): LockedPackage => ({ ...item, hash: item.hash ?? NOT_SEEN });
  return [pairs.map(([item]) => shown(item)), pairs.map(([, other]) => shown(other))];
}

/**
 * Compares a lock with its rebuild. What is in the image and in its stages is always judged; what was removed
 * again, where both builds know all of it. The bytes of a Debian package are known from the same records: where some
 * of those are missing, a hash on one side only leaves it unsure.
 */
export function compareBuilds(before: Side, after: Side): BuildDifference {
  const doubtful = new Set([...(before.incomplete ?? []), ...(after.incomplete ?? [])]);
  const part = ({ packages }: Side, stages: (stage: string) => boolean): LockedPackage[] =>
    packages.filter(({ stage, transient }) => transient === true && stages(stage ?? ""));
  const lasting = ({ packages }: Side): LockedPackage[] => packages.filter(({ transient }) => !transient);
  const known = (side: Side): LockedPackage[] =>
    before.incomplete === null || after.incomplete === null
      ? []
      : part(side, (stage) => !doubtful.has(stage));
  const [one, other] = [lasting(before), lasting(after)];
  const [left, right] = [withRepeated(one, other), withRepeated(other, one)];
  const [halfLeft, halfRight] = doubtful.size === 0 ? [[], []] : halfKnown(left, right);
  return {
    drift: comparePackages([...left, ...known(before)], [...right, ...known(after)]),
    unsure: comparePackages(
      [...part(before, (stage) => doubtful.has(stage)), ...halfLeft],
      [...part(after, (stage) => doubtful.has(stage)), ...halfRight],
    ),
  };
}
