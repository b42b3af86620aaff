import type { LockedPackage } from "../lock/types";
import { aptKey, type Candidate } from "./apt-archive";
import { compareDebianVersions } from "./debian-version";
import type { Newest } from "./releases";

/** The ecosystems whose archives can be asked. */
export const ASKED = ["dpkg", "pip", "npm"] as const;
export type Asked = (typeof ASKED)[number];

/** What is looked up: a package at the version that the lock has. */
export interface Wanted {
  ecosystem: Asked;
  name: string;
  arch?: string;
  locked: string;
  /** The Python that it is installed for, such as `3.11`; null: not known, or no Python package. */
  python: string | null;
}

/** What an archive has of a package. Exactly one of `newest` and `why` is null. */
export interface Finding {
  /** As drift names packages: `pip:flask`, `dpkg:libc6:i386`. */
  name: string;
  locked: string;
  /** What a renewal may take today; the locked version itself if there is nothing newer. */
  newest: string | null;
  /** The newest that keeps the major version; null: not known, or the ecosystem has no such rule. */
  compatible: string | null;
  /** Why nothing can be said. */
  why: string | null;
}

export const isAsked = (ecosystem: string): ecosystem is Asked => ASKED.some((one) => one === ecosystem);

/** Each package and version of a lock once, of the ecosystems that can be asked, in the order of the lock. */
export function wantedOf(packages: readonly LockedPackage[]): Wanted[] {
  const found = new Map<string, Wanted>();
  for (const { ecosystem, name, arch, version, root } of packages) {
    if (!isAsked(ecosystem)) continue;
    const python = ecosystem === "pip" ? (/\/python(3\.\d+)\//.exec(`${root ?? ""}/`)?.[1] ?? null) : null;
    const wanted = { ecosystem, name, locked: version, python, ...(arch === undefined ? {} : { arch }) };
    found.set(JSON.stringify(wanted), wanted);
  }
  return [...found.values()];
}

/** The name of a wanted package, as drift has it. */
export const nameOf = ({ ecosystem, name, arch }: Wanted): string =>
  `${ecosystem}:${ecosystem === "dpkg" ? aptKey(name, arch) : name}`;

/** Nothing can be said of a package. */
export const cantTell = (wanted: Wanted, why: string): Finding => ({
  name: nameOf(wanted),
  locked: wanted.locked,
  newest: null,
  compatible: null,
  why,
});

/**
 * What the captured Debian archives have of a package.
 *
 * @param unread why an archive could not be read; none: all were read
 */
export function aptFinding(
  wanted: Wanted,
  candidates: ReadonlyMap<string, Candidate>,
  unread: readonly string[],
): Finding {
  const candidate = candidates.get(aptKey(wanted.name, wanted.arch));
  const difference = candidate === undefined ? 0 : compareDebianVersions(candidate.version, wanted.locked);
  const isNewer = candidate !== undefined && difference > 0;
  // A newer version that was found is there. That there is none is known only from all archives.
  if (!isNewer && unread.length > 0) return cantTell(wanted, unread.join("; "));
  if (candidate === undefined) return cantTell(wanted, "no archive that the lock names has this package");
  if (difference < 0) {
    const why = `the lock's version is newer than ${candidate.version}, which its archives offer by themselves`;
    return cantTell(wanted, why);
  }
  return {
    name: nameOf(wanted),
    locked: wanted.locked,
    newest: isNewer ? candidate.version : wanted.locked,
    compatible: null,
    why: null,
  };
}

/**
 * What an index has of a project.
 *
 * @param found null: it has no release that could be taken
 */
export function indexFinding(wanted: Wanted, found: Newest | null): Finding {
  if (found === null) return cantTell(wanted, "the index has no release of it that could be taken");
  return { name: nameOf(wanted), locked: wanted.locked, ...found, why: null };
}

/** Whether a renewal may change the package. */
export const isNewer = ({ newest, locked }: Finding): boolean => newest !== null && newest !== locked;
