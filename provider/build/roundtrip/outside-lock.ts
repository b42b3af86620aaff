import type { Lock } from "../../packages/lock/types";

/** How apt reports a package that the pins forbid. */
const REFUSED = [
  /E: Package '?([^'\s]+)'? has no installation candidate/g,
  /(?:Depends|PreDepends|Recommends): (\S+)[^\n]* but it is not (?:installable|going to be installed)/g,
];

/** How npm reports a package or version that the lock does not have; npm-preload.ts makes it print this. */
const REFUSED_BY_NPM = /npm (?:ERR!|error) outside the lock: (\S+)(?: (.*))?$/;

/** What npm was asked for and the pins forbid, each once. */
export function npmOutsideLock(lines: readonly string[]): { name: string; wanted: string }[] {
  const asked = new Map<string, string>();
  for (const line of lines) {
    const [, name, wanted = ""] = REFUSED_BY_NPM.exec(line) ?? [];
    if (name !== undefined && !asked.has(name)) asked.set(name, wanted);
  }
  return [...asked].map(([name, wanted]) => ({ name, wanted }));
}

/** Debian packages that a failed rebuild asked for and that are not in the lock. */
export function debsOutsideLock(log: string, lock: Lock): string[] {
  const known = new Set(lock.packages.filter((item) => item.ecosystem === "dpkg").map((item) => item.name));
  const asked = REFUSED.flatMap((sign) => [...log.matchAll(sign)].map((match) => match[1] ?? ""));
  const names = asked.map((name) => name.replace(/:[a-z0-9-]+$/, ""));
  return names.filter((name) => name !== "" && !known.has(name));
}

/**
 * Debian and npm packages that a failed rebuild asked for and that are not in the lock. The pins forbid every package that
 * the lock does not name. So this failure may be our doing, and it proves nothing about the recipe: the first build may
 * have installed and removed the package in a RUN whose output was clipped or went elsewhere.
 */
export function namesOutsideLock(log: string, lock: Lock): string[] {
  const npm = npmOutsideLock(log.split("\n")).map(({ name }) => name);
  return [...new Set([...debsOutsideLock(log, lock), ...npm])].sort();
}
