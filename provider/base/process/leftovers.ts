import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { hasEnded, parseStat, statFile } from "./proc-stat";

/** Repository of images that live for one build or one comparison only. */
export const THROWAWAY = "verified-images/throwaway";
/** Repository of the names given to base images that have no registry digest. */
export const BASE = "verified-images/base";

/** This machine in eight hex digits, so that two machines on one engine tell their leftovers apart. */
export function machine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}

/** A name that says who made it: `verified-images-<kind>.<machine>.<pid>.<suffix>`. */
export function isolatedName(kind: string, suffix: string): string {
  return `verified-images-${kind}.${machine()}.${process.pid}.${suffix}`;
}

/** Longest suffix that leaves room for its maker within a tag's 128 characters (OCI distribution spec). */
const SUFFIX_CHARACTERS = 90;

/** A throwaway image's reference, with its maker in the tag. No two are the same; a long suffix is cut. */
export function throwawayReference(suffix: string): string {
  const unique = randomBytes(4).toString("hex");
  return `${THROWAWAY}:${suffix.slice(0, SUFFIX_CHARACTERS)}.${machine()}.${process.pid}.${unique}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    // In a container nobody may ever reap a killed process.
    const facts = parseStat(readFileSync(statFile(pid), "utf8"));
    return facts === null || !hasEnded(facts);
  } catch {
    return true;
  }
}

/**
 * True when the name was made on this machine by a process that is gone: a crash has left it. Names from
 * other machines, and names that are not of our form, are never abandoned.
 */
export function isAbandoned(
  name: string,
  here: string = machine(),
  alive: (pid: number) => boolean = isAlive,
): boolean {
  const match = /\.([0-9a-f]{8})\.([0-9]+)(?:\.[0-9A-Za-z]+)?$/.exec(name);
  if (match === null || match[1] !== here) return false;
  return !alive(Number(match[2]));
}
