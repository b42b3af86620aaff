import type { Lock } from "../../packages/lock/types";

/** How apt reports a package that the pins forbid. */
const REFUSED = /E: Package '?([^'\s]+)'? has no installation candidate/g;
/** How it reports one that needs such a package: the end of the line, and before it the package's name. */
const MISSED = [" but it is not installable", " but it is not going to be installed"];
const NEEDED = /(?:Depends|Recommends): (\S+)/;

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
  const asked = [
    ...[...log.matchAll(REFUSED)].map((match) => match[1] ?? ""),
    ...log.split("\n").map(needed),
  ];
  const names = asked.map((name) => name.replace(/:[a-z0-9-]+$/, ""));
  return names.filter((name) => name !== "" && !known.has(name));
}

/** The package that a line names as needed and missed; empty if it names none. */
function needed(line: string): string {
  const end = Math.max(...MISSED.map((words) => line.lastIndexOf(words)));
  return end === -1 ? "" : (NEEDED.exec(line.slice(0, end))?.[1] ?? "");
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
