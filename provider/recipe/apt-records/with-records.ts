import type { LockedPackage } from "../../packages/lock/types";
import { placeAndVersion } from "../../packages/lock/place";
import type { AptRecord } from "./read-records";
import type { PlacedRecord, StageRecords } from "./stage-records";

/** One stage of a build: the packages in its file system, and what apt unpacked in it. */
export interface SeenStage {
  /** The stage's name in the lock; null for the image itself. */
  label: string | null;
  packages: readonly LockedPackage[];
  own: StageRecords | undefined;
  /** Packages that no record tells of, and that a later RUN of the stage replaced or removed. */
  superseded?: readonly LockedPackage[];
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

/**
 * What one stage's apt unpacked, without what it unpacked again later. Each has the number of the last RUN after which it
 * was there, as far as that is known: the one before its successor came.
 */
function withLastRun(records: readonly PlacedRecord[]): { record: PlacedRecord; replaced: boolean }[] {
  const successors = new Map<string, PlacedRecord>();
  const found: { record: PlacedRecord; replaced: boolean }[] = [];
  for (const record of [...records].reverse()) {
    const name = JSON.stringify([record.name, record.arch ?? ""]);
    const next = successors.get(name);
    successors.set(name, record);
    if (next !== undefined && next.version === record.version && next.hash === record.hash) continue;
    const { run, ...rest } = record;
    const known = run !== undefined && (next === undefined || next.run !== undefined);
    const last = known ? { run: Math.max(run, (next?.run ?? 0) - 1) } : {};
    found.push({ record: { ...rest, ...last }, replaced: next !== undefined });
  }
  return found.reverse();
}

/**
 * The packages that apt unpacked and that the file system lacks, or has from another file, and those that apt replaced
 * meanwhile. Each is listed once.
 */
function transientsOf(
  { label, own, superseded = [] }: SeenStage,
  present: readonly LockedPackage[],
): LockedPackage[] {
  const debs = present.filter(({ ecosystem }) => ecosystem === "dpkg");
  const hashes = new Map(debs.map((item) => [debKey(item), item.hash]));
  const gone = withLastRun(own?.records ?? []).filter(({ record, replaced }) => {
    const key = debKey(record);
    const hash = hashes.get(key);
    const other = hash !== undefined && record.hash !== undefined && hash !== record.hash;
    return replaced || !hashes.has(key) || other;
  });
  const once = new Map(
    gone.map(({ record }) => [JSON.stringify([debKey(record), record.hash, record.run]), record]),
  );
  return [
    ...[...once.values()].map((record): LockedPackage => ({ ecosystem: "dpkg", ...record })),
    ...superseded,
  ].map((item) => ({ ...item, transient: true, ...(label === null ? {} : { stage: label }) }));
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
