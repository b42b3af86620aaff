import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { liveness, thisProcess, type Liveness, type ProcessIdentity } from "./identity";

/** Repository of images that exist only for one build or one comparison. */
export const THROWAWAY = "verified-images/throwaway";
/** Repository of the names given to base images that have no registry digest. */
export const BASE = "verified-images/base";

/**
 * Milliseconds after which a thing counts as left behind if it can't be seen whether its maker runs: 30 days. Such
 * things give no signs of life. The work that a thing is made for has a limit of 20 minutes, or of `timeouts.rebuild`,
 * which is 24 days at most.
 */
export const LONGEST_USE = 30 * 24 * 3_600_000;

/** Who made a thing, and when. A part of the thing's name: `<space>.<pid>.<started>.<seconds since 1970>`. */
export function makerMark(who: ProcessIdentity = thisProcess(), now: number = Date.now()): string {
  return `${who.space}.${who.pid}.${who.started ?? "x"}.${Math.floor(now / 1000)}`;
}

/** Characters of a file's name that a name beside it begins with. A name has at most 255 bytes. */
const BESIDE_CHARACTERS = 40;

/** How the names begin that {@link nameBeside} gives for a path. */
export const beginningBeside = (path: string): string => `.${basename(path).slice(0, BESIDE_CHARACTERS)}.`;

/** A new name in the folder of a path, hidden, which says who made it. */
export function nameBeside(path: string): string {
  return join(dirname(path), `${beginningBeside(path)}${makerMark()}.${randomBytes(4).toString("hex")}`);
}

/** A name that says who made it: `verified-images-<kind>.<maker's mark>.<suffix>`. */
export function isolatedName(kind: string, suffix: string): string {
  return `verified-images-${kind}.${makerMark()}.${suffix}`;
}

/** Longest suffix beside a maker's mark: a tag has at most 128 characters (OCI distribution spec). */
const SUFFIX_CHARACTERS = 64;

/** A new reference for a throwaway image. Its tag says who made it. A suffix of more than 64 characters is cut. */
export function throwawayReference(suffix: string): string {
  const unique = randomBytes(4).toString("hex");
  return `${THROWAWAY}:${suffix.slice(0, SUFFIX_CHARACTERS)}.${makerMark()}.${unique}`;
}

const MAKER = /\.([0-9a-f]{16})\.([1-9][0-9]*)\.([0-9]+|x)\.([0-9]+)\.[0-9A-Za-z]+$/;

/** Whether a thing's name says who made it. */
export const hasMaker = (name: string): boolean => MAKER.test(name);

/**
 * Decides from a thing's name whether a crash has left it behind. It counts as left behind if its maker is gone. If it
 * can't be seen whether the maker runs, it counts as left behind after {@link LONGEST_USE}. A name without a maker's mark
 * never does.
 *
 * @param now milliseconds since 1970, by the clock of the machine that has the thing; NaN where that is unknown
 * @param judge tells whether a maker runs
 */
export function isAbandoned(
  name: string,
  now: number = Date.now(),
  judge: (who: ProcessIdentity) => Liveness = liveness,
): boolean {
  const match = MAKER.exec(name);
  if (match === null) return false;
  const [, space = "", pid, started = "x", seconds] = match;
  const state = judge({ space, pid: Number(pid), started: started === "x" ? null : started });
  return state === "gone" || (state === "unknown" && now - Number(seconds) * 1000 > LONGEST_USE);
}
