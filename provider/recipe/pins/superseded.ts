import type { NpmProject } from "../../packages/capture/types";
import type { LockedPackage } from "../../packages/lock/types";

/** What a stage's file system had when one of its RUNs had run. */
export interface Checkpoint {
  /** The number of the RUN in its stage, from 1. */
  run: number;
  packages: readonly LockedPackage[];
  npmProjects: readonly NpmProject[];
}

/** An npm project's lock file that a later RUN changed or removed. */
export interface SupersededProject extends NpmProject {
  /** The last RUN after which it was there. */
  run: number;
}

const placeOf = ({ ecosystem, root, name, arch }: LockedPackage): string =>
  JSON.stringify([ecosystem, root ?? "", name, arch ?? ""]);

/** The packages that pip and npm installed, by their place. apt's own records tell of Debian's. */
function byPlace(packages: readonly LockedPackage[]): Map<string, LockedPackage[]> {
  const places = new Map<string, LockedPackage[]>();
  for (const item of packages) {
    if (item.ecosystem !== "pip" && item.ecosystem !== "npm") continue;
    const place = placeOf(item);
    places.set(place, [...(places.get(place) ?? []), item]);
  }
  return places;
}

const versions = (items: readonly LockedPackage[]): string =>
  JSON.stringify(items.map(({ version }) => version).sort());

/**
 * What pip and npm installed in a stage and a later RUN replaced or removed, with the number of the last RUN after which
 * it was there.
 *
 * @param checkpoints in the order of the RUNs
 * @param end what the stage has at its end
 */
export function superseded(
  checkpoints: readonly Checkpoint[],
  end: Omit<Checkpoint, "run">,
): { packages: LockedPackage[]; npmProjects: SupersededProject[] } {
  const packages: LockedPackage[] = [];
  const npmProjects: SupersededProject[] = [];
  for (const [at, { run, ...there }] of checkpoints.entries()) {
    const next = checkpoints[at + 1] ?? end;
    const later = byPlace(next.packages);
    for (const [place, items] of byPlace(there.packages)) {
      if (versions(items) === versions(later.get(place) ?? [])) continue;
      for (const { ecosystem, name, version, root, arch, hash } of items)
        packages.push({ ecosystem, name, version, root, arch, hash, transient: true, run });
    }
    for (const { root, lock } of there.npmProjects) {
      if (!next.npmProjects.some((project) => project.root === root && project.lock === lock))
        npmProjects.push({ root, lock, run });
    }
  }
  return { packages, npmProjects };
}

/** The number of the last RUN that something binds; undefined: the stage's end has it, or it is not known. */
interface Bound {
  run?: number;
}

/**
 * What holds for one RUN among things that stood at the same place at different times: those that were last there when
 * that RUN had run, or soonest after it. What has no RUN that it was last there after stands at the end.
 *
 * @param run from 1; null: after all RUNs
 */
function holding<T extends Bound>(items: readonly T[], run: number | null): T[] {
  const ends = items.flatMap((item) => item.run ?? []);
  const soonest = Math.min(...ends.filter((end) => run !== null && end >= run));
  if (Number.isFinite(soonest)) return items.filter((item) => item.run === soonest);
  const lasting = items.filter((item) => item.run === undefined);
  const latest = Math.max(...ends);
  return lasting.length > 0 ? lasting : items.filter((item) => item.run === latest);
}

/** The RUNs after which the pins change, ascending. */
export function changesOf(items: readonly Bound[]): number[] {
  return [...new Set(items.flatMap(({ run }) => run ?? []))].sort((a, b) => a - b);
}

/**
 * The packages to which one RUN of a stage is pinned. Transient packages of which it is not known when they were there are
 * always among them.
 *
 * @param packages all that the lock has for the stage
 * @param run from 1; null: after all RUNs
 */
export function packagesOfRun(packages: readonly LockedPackage[], run: number | null): LockedPackage[] {
  const places = new Map<string, LockedPackage[]>();
  for (const item of packages) {
    const place = placeOf(item);
    const there = places.get(place);
    if (there === undefined) places.set(place, [item]);
    else there.push(item);
  }
  return [...places.values()].flatMap((items) => {
    const unknown = items.filter((item) => item.transient && item.run === undefined);
    const others = items.filter((item) => !unknown.includes(item));
    const chosen = others.length === 0 ? [] : holding(others, run);
    // What is only removed later is no longer pinned then; of Debian packages the removal is not seen.
    const gone = chosen.every((item) => item.run !== undefined && (run === null || item.run < run));
    return [...unknown, ...(gone && items[0]?.ecosystem !== "dpkg" ? [] : chosen)];
  });
}

/** The lock files of npm projects that one RUN gets, one for each project. */
export function projectsOfRun<T extends NpmProject & Bound>(projects: readonly T[], run: number | null): T[] {
  const roots = new Set(projects.map(({ root }) => root));
  return [...roots].flatMap((root) =>
    holding(
      projects.filter((project) => project.root === root),
      run,
    ).slice(0, 1),
  );
}
