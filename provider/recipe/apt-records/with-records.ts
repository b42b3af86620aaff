import type { LockedPackage } from "../../packages/lock/types";
import { placeAndVersion } from "../../packages/lock/place";
import type { AptRecord } from "./read-records";
import type { StageRecords } from "./stage-records";

/** One stage of a build: the packages in its file system, and what apt unpacked in it. */
export interface SeenStage {
  /** The stage's name in the lock; null for the image itself. */
  label: string | null;
  packages: readonly LockedPackage[];
  own: StageRecords | undefined;
  /** The records of the stages whose packages it can have, oldest first, its own last. */
  inherited: readonly (StageRecords | undefined)[];
}

interface Installed {
  packages: LockedPackage[];
  /** Stages that may have more transient packages than are known; `""` for the stage that becomes the image. */
  incomplete: string[];
}

const debKey = ({ name, version, arch }: AptRecord): string => JSON.stringify([name, version, arch ?? ""]);

const nameOf = ({ ecosystem, name }: LockedPackage): string => `${ecosystem}:${name}`;

/** Adds to each Debian package the hash of the file that apt unpacked last for that version, if it is known. */
function withHashes({ packages, inherited }: SeenStage): LockedPackage[] {
  const records = inherited.flatMap((stage) => stage?.records ?? []);
  const hashes = new Map(records.map((record) => [debKey(record), record.hash]));
  return packages.map((item) => {
    const hash = item.ecosystem === "dpkg" ? hashes.get(debKey(item)) : undefined;
    return hash === undefined ? item : { ...item, hash };
  });
}

/** The packages that apt unpacked and that the file system lacks, or has from another file. Each is listed once. */
function transientsOf({ label, own }: SeenStage, present: readonly LockedPackage[]): LockedPackage[] {
  const debs = present.filter(({ ecosystem }) => ecosystem === "dpkg");
  const hashes = new Map(debs.map((item) => [debKey(item), item.hash]));
  const gone = (own?.records ?? []).filter((record) => {
    const key = debKey(record);
    const hash = hashes.get(key);
    return !hashes.has(key) || (hash !== undefined && record.hash !== undefined && hash !== record.hash);
  });
  const once = new Map(gone.map((record) => [`${debKey(record)} ${record.hash ?? ""}`, record]));
  return [...once.values()].map((record) => ({
    ecosystem: "dpkg",
    ...record,
    transient: true,
    ...(label === null ? {} : { stage: label }),
  }));
}

/**
 * All that a build installed: what the image has, what only a stage has, and what was removed again.
 *
 * A package that a stage and the image both have is not repeated, with two exceptions. It is repeated if the stage's
 * has another hash. It is also repeated if the stage has a package of that name at another version or place too, even a
 * transient one: then the stage's pins need all of them.
 *
 * @param final the stage that becomes the image
 */
export function withRecords(final: SeenStage, stages: readonly SeenStage[]): Installed {
  const inImage = withHashes(final);
  const hashes = new Map(inImage.map((item) => [placeAndVersion(item), item.hash]));
  const packages = [...inImage, ...transientsOf(final, inImage)];
  for (const stage of stages) {
    const present = withHashes(stage);
    const transients = transientsOf(stage, present);
    const differing = present.filter((item) => {
      const key = placeAndVersion(item);
      return !hashes.has(key) || (item.hash !== undefined && hashes.get(key) !== item.hash);
    });
    const names = new Set([...transients, ...differing].map(nameOf));
    const own = present.filter((item) => names.has(nameOf(item)));
    packages.push(...own.map((item) => ({ ...item, stage: stage.label ?? "" })), ...transients);
  }
  const incomplete = [final, ...stages]
    .filter(({ own }) => own?.complete === false)
    .map(({ label }) => label ?? "");
  return { packages, incomplete };
}
