import { comparePackages } from "../../packages/compare/compare";
import { placeAndVersion } from "../../packages/lock/place";
import type { Drift, LockedPackage } from "../../packages/lock/types";

/** What one build installed, and where that may be incomplete. */
export interface Side {
  packages: readonly LockedPackage[];
  /** Stages whose list of transient packages may lack some; null: transient packages were not recorded at all. */
  incomplete: readonly string[] | null;
  /** Stages of which it is not known what pip and npm had installed after each RUN. Default: none. */
  unordered?: readonly string[];
}

/** What differs between two builds. */
export interface BuildDifference {
  drift: Drift;
  /** Differences in stages whose records are incomplete: they may be real, or a package was only not seen. */
  unsure: Drift;
}

const stageOf = ({ stage, transient }: LockedPackage): string => `${stage ?? ""}${transient ? ":" : ""}`;
const inStage = (item: LockedPackage): string => `${stageOf(item)} ${placeAndVersion(item)}`;
/** The package's place without its version. */
const placeOf = (item: LockedPackage): string =>
  `${stageOf(item)} ${placeAndVersion({ ...item, version: "" })}`;

/**
 * A lock does not repeat for a stage what the image has too, unless transient packages or hashes differ. If the other side
 * names such a package for the stage, this adds it, so that both sides can be compared.
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

/** Shown in place of a hash that was not seen. */
const NOT_SEEN = "unknown";

/** Debian packages of the same version of which only one side knows the hash, from both sides. */
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
 * Compares a lock with its rebuild. Packages in the image and in its stages are always compared. Transient packages are
 * compared where both builds recorded all of them: Debian's by what apt reported, those of pip and npm by what stood after
 * each RUN. Hashes of Debian packages come from the same records: where records
 * are missing, a hash that only one side knows is unsure and no drift.
 */
export function compareBuilds(before: Side, after: Side): BuildDifference {
  const doubtful = new Set([...(before.incomplete ?? []), ...(after.incomplete ?? [])]);
  const unordered = new Set([...(before.unordered ?? []), ...(after.unordered ?? [])]);
  const transients = ({ packages }: Side): LockedPackage[] => packages.filter(({ transient }) => transient);
  const part = (side: Side, stages: (stage: string) => boolean): LockedPackage[] =>
    transients(side).filter(({ ecosystem, stage }) => ecosystem === "dpkg" && stages(stage ?? ""));
  const replaced = (side: Side): LockedPackage[] =>
    transients(side).filter(({ ecosystem, stage }) => ecosystem !== "dpkg" && !unordered.has(stage ?? ""));
  const lasting = ({ packages }: Side): LockedPackage[] => packages.filter(({ transient }) => !transient);
  const known = (side: Side): LockedPackage[] =>
    before.incomplete === null || after.incomplete === null
      ? []
      : part(side, (stage) => !doubtful.has(stage));
  const [one, other] = [lasting(before), lasting(after)];
  const [left, right] = [withRepeated(one, other), withRepeated(other, one)];
  const [halfLeft, halfRight] = doubtful.size === 0 ? [[], []] : halfKnown(left, right);
  return {
    drift: comparePackages(
      [...left, ...known(before), ...replaced(before)],
      [...right, ...known(after), ...replaced(after)],
    ),
    unsure: comparePackages(
      [...part(before, (stage) => doubtful.has(stage)), ...halfLeft],
      [...part(after, (stage) => doubtful.has(stage)), ...halfRight],
    ),
  };
}
