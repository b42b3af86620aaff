import { normalisedName } from "../../packages/capture/python/metadata";
import type { Lock, LockedPackage } from "../../packages/lock/types";

/** A package as people name it: `pip:flask`, `dpkg:curl`, `npm:@scope/name`. */
export type PackageName = string;

export const nameOf = ({ ecosystem, name }: Pick<LockedPackage, "ecosystem" | "name">): PackageName =>
  `${ecosystem}:${name}`;

/** The names of all packages that a lock pins. */
export const pinnedNames = ({ packages }: Pick<Lock, "packages">): Set<PackageName> =>
  new Set(packages.filter(({ ecosystem }) => /^(?:dpkg|pip|npm)$/.test(ecosystem)).map(nameOf));

/** A lock without some packages, so that their versions are free. What it says of single RUNs holds for its own recipe only. */
export const released = (lock: Lock, names: ReadonlySet<PackageName>): Lock => ({
  ...lock,
  packages: lock.packages.filter((item) => item.run === undefined && !names.has(nameOf(item))),
});

const APT = /(?:^|\s)(\S+)\s+:\s+(?:Pre-?Depends|Depends|Recommends|Breaks|Conflicts):\s+(\S+)/;
const APT_MORE = /^\s+(?:Pre-?Depends|Depends|Recommends|Breaks|Conflicts):\s+(\S+) .*but /;
/** What apt's debugging output adds, where `-qq` leaves out the rest: `Broken tool:amd64 Depends on lib:amd64 < none | 1.0 ... >`. */
const APT_BROKEN = /^Broken (\S+) (?:PreDepends|Depends|Recommends|Breaks|Conflicts)(?: on)? (\S+) </;
const PIP = [
  /No matching distribution found for ([A-Za-z0-9][A-Za-z0-9._-]*)/,
  /Could not find a version that satisfies the requirement ([A-Za-z0-9][A-Za-z0-9._-]*)/,
  /The user requested \(constraint\) ([A-Za-z0-9][A-Za-z0-9._-]*)/,
];
const NPM = [/No matching version found for (@?[^@\s]+)@/, /outside the lock: (\S+)/];

/**
 * The packages that have to be free too, by what a failed step printed: those that hold back what it needs. First those that
 * others need; if they are free already, those that need them.
 *
 * @param held the names that are still held
 */
export function forced(lines: readonly string[], held: ReadonlySet<PackageName>): PackageName[] {
  const found = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => held.has(name));
  const told = lines.map((line) => APT.exec(line));
  const debs = told.some((match) => match !== null) ? told : lines.map((line) => APT_BROKEN.exec(line));
  const deb = (name: string | undefined): string[] =>
    name === undefined ? [] : [`dpkg:${name.replace(/:[a-z0-9-]+$/, "")}`];
  const needed = [
    ...debs.flatMap((match) => deb(match?.[2])),
    ...lines.flatMap((line) => deb(APT_MORE.exec(line)?.[1])),
    ...lines
      .flatMap((line) => PIP.flatMap((form) => form.exec(line)?.[1] ?? []))
      .map((name) => `pip:${normalisedName(name)}`),
    ...lines
      .flatMap((line) => NPM.flatMap((form) => form.exec(line)?.[1] ?? []))
      .map((name) => `npm:${name}`),
  ];
  const first = found(needed);
  return first.length > 0 ? first : found(debs.flatMap((match) => deb(match?.[1])));
}
