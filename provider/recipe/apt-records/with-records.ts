import type { LockedPackage } from "../../packages/lock/types";
import { placeAndVersion } from "../../packages/lock/place";
import type { AptRecord } from "./read-records";
import type { StageRecords } from "./stage-records";

/** One stage of a build: what its file system has, and what apt unpacked while it was made. */
export interface SeenStage {
  /** How the lock calls it; null for the image itself. */
  label: string | null;
  packages: readonly LockedPackage[];
  own: StageRecords | undefined;
  /** Of the stages whose packages it can have, the oldest first, itself last. */
  inherited: readonly (StageRecords | undefined)[];
}

/** Everything that a build installed. */
interface Installed {
  packages: LockedPackage[];
  /** Stages of whose transient packages some may be missing; `""` for the stage that the image is. */
  incomplete: string[];
}

const debKey = ({ name, version, arch }: AptRecord): string => JSON.stringify([name, version, arch ?? ""]);

const nameOf = ({ ecosystem, name }: LockedPackage): string => `${ecosystem}:${name}`;

/** The packages with the hash of the file that apt has unpacked last of that version, where it has. */
function withHashes({ packages, inherited }: SeenStage): LockedPackage[] {
  const records = inherited.flatMap((stage) => stage?.records ?? []);
  const hashes = new Map(records.map((record) => [debKey(record), record.hash]));
  return packages.map((item) => {
    const hash = item.ecosystem === "dpkg" ? hashes.get(debKey(item)) : undefined;
    return hash === undefined ? item : { ...item, hash };
  });
}

/** What apt unpacked and the file system does not have, or not from these bytes; each once. */
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
 * Everything that a build installed: what the image has; what only a stage has; and what was removed again. A
 * stage's package that the image has as well is not repeated, unless it has other bytes, or the stage has the name
 * at another version or place too, if only as a transient: the stage's pins need all of them then.
 *
 * @param final the stage that the image is
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
