import type { Lock } from "../../packages/lock/types";

/** What apt says of a package that it may not install. */
const REFUSED = [
  /E: Package '?([^'\s]+)'? has no installation candidate/g,
  /(?:Depends|PreDepends|Recommends): (\S+)[^\n]* but it is not (?:installable|going to be installed)/g,
];

/** What npm is made to say of a package, or of a version, that the lock does not have (npm-preload.ts). */
const REFUSED_BY_NPM = /npm (?:ERR!|error) outside the lock: (\S+)/g;

/**
 * Debian and npm packages that a failed rebuild asked for and the lock does not have. The pins forbid whatever the
 * lock does not name, so such a failure may be our doing, and proves nothing about the recipe: the package may have
 * been removed again in the first build, by a RUN whose output went elsewhere or was clipped.
 */
export function namesOutsideLock(log: string, lock: Lock): string[] {
  const known = new Set(lock.packages.filter((item) => item.ecosystem === "dpkg").map((item) => item.name));
  const asked = REFUSED.flatMap((sign) => [...log.matchAll(sign)].map((match) => match[1] ?? ""));
  const names = asked.map((name) => name.replace(/:[a-z0-9-]+$/, ""));
  const debs = names.filter((name) => name !== "" && !known.has(name));
  return [...new Set([...debs, ...[...log.matchAll(REFUSED_BY_NPM)].map((match) => match[1] ?? "")])].sort();
}
