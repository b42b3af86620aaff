import { randomBytes } from "node:crypto";
import { liveness, thisProcess, type Liveness, type ProcessIdentity } from "./identity";

/** Repository of images that live for one build or one comparison only. */
export const THROWAWAY = "verified-images/throwaway";
/** Repository of the names given to base images that have no registry digest. */
export const BASE = "verified-images/base";

/**
 * Milliseconds after which a thing counts as left behind although nobody can tell whether its maker lives, for such
 * things show no sign of life: 30 days. The work that a thing is made for is ended after 20 minutes, or after
 * `timeouts.rebuild`, which is 24 days at most.
 */
export const LONGEST_USE = 30 * 24 * 3_600_000;

/** Who made a thing and when, as part of its name: `<space>.<pid>.<started>.<seconds since 1970>`. */
export function makerMark(who: ProcessIdentity = thisProcess(), now: number = Date.now()): string {
  return `${who.space}.${who.pid}.${who.started ?? "x"}.${Math.floor(now / 1000)}`;
}

/** A name that says who made it: `verified-images-<kind>.<maker's mark>.<suffix>`. */
export function isolatedName(kind: string, suffix: string): string {
  return `verified-images-${kind}.${makerMark()}.${suffix}`;
}

/** Longest suffix that leaves room for its maker's mark within a tag's 128 characters (OCI distribution spec). */
const SUFFIX_CHARACTERS = 64;

/** A throwaway image's reference, with its maker in the tag. No two are the same; a long suffix is cut. */
export function throwawayReference(suffix: string): string {
  const unique = randomBytes(4).toString("hex");
  return `${THROWAWAY}:${suffix.slice(0, SUFFIX_CHARACTERS)}.${makerMark()}.${unique}`;
}

/**
 * Whether a crash has left a thing, by its name: its maker is gone, or nobody can tell and it is older than
 * {@link LONGEST_USE}. Names that are not of our form are never abandoned.
 *
 * @param now by the clock of where the thing is; NaN: that can't be told
 * @param judge tells whether a maker lives
 */
export function isAbandoned(
  name: string,
  now: number = Date.now(),
  judge: (who: ProcessIdentity) => Liveness = liveness,
): boolean {
  const match = /\.([0-9a-f]{16})\.([1-9][0-9]*)\.([0-9]+|x)\.([0-9]+)\.[0-9A-Za-z]+$/.exec(name);
  if (match === null) return false;
  const [, space = "", pid, started = "x", seconds] = match;
  const state = judge({ space, pid: Number(pid), started: started === "x" ? null : started });
  return state === "gone" || (state === "unknown" && now - Number(seconds) * 1000 > LONGEST_USE);
}
