import { buildOf } from "../../packages/lock/locked-build";
import type { Lock, LockedInstruction } from "../../packages/lock/types";
import { hashInstructions } from "../../recipe/dockerfile/instruction-hashes";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";

/** What a committed lock means for one build. */
export type LockMeaning =
  /** There is no such file, or none was asked for: the packages are free. */
  | { kind: "none" }
  /** It was written for this recipe: it decides what is installed. */
  | { kind: "fits"; lock: Lock }
  /** The recipe has changed since. Each change is a line for people. */
  | { kind: "changed"; lock: Lock; changes: string[] }
  /** Nothing can be built from it, for a reason that says what to do. */
  | { kind: "unusable"; reason: string };

/** What a build asks of a lock. */
export interface Asked {
  recipe: ParsedDockerfile;
  target: string | null;
  /** Left out: it is not known yet. */
  platform?: string | undefined;
  /** The images that the recipe names. Left out: they are not known yet. */
  references?: readonly string[] | undefined;
}

/** How many characters of an instruction are shown. */
const SHOWN = 60;

/** The first two parts of a platform. What follows is a variant, which an image does not name. */
const plain = (platform: string): string => platform.split("/").slice(0, 2).join("/");

/**
 * What a lock means for a build. Pure: it looks at nothing but these values.
 *
 * @param lock null: there is none
 */
export function lockMeaning(lock: Lock | null, asked: Asked): LockMeaning {
  if (lock === null) return { kind: "none" };
  const build = buildOf(lock);
  if (build === null) {
    return {
      kind: "unusable",
      reason: `it has schema ${lock.schema}, of an earlier version, and lacks what a build needs; remove it and build again, which writes a new one`,
    };
  }
  if (asked.platform !== undefined && plain(asked.platform) !== plain(build.platform)) {
    return {
      kind: "unusable",
      reason: `it was written for ${build.platform}, and this build is for ${asked.platform}; give each platform a lock of its own, or build with platform: ${build.platform}`,
    };
  }
  const now = hashInstructions(asked.recipe);
  const known = new Set(build.recipe.map(keyOf));
  if (build.recipe.length > 0 && !now.some((one) => known.has(keyOf(one)))) {
    return {
      kind: "unusable",
      reason:
        "it is of another recipe: none of its instructions is in this one; give the lock of this image, or remove it and build again, which writes a new one",
    };
  }
  const changes = [
    ...instructionChanges(build.recipe, now),
    ...(build.target === (asked.target ?? undefined)
      ? []
      : [`the target is ${asked.target ?? "the last stage"}, and was ${build.target ?? "the last stage"}`]),
    ...(asked.references ?? [])
      .filter((reference) => !lock.bases.some((base) => base.reference === reference))
      .map((reference) => `the base image ${reference} is new`),
  ];
  return changes.length === 0 ? { kind: "fits", lock } : { kind: "changed", lock, changes };
}

const keyOf = ({ instruction, hash }: LockedInstruction): string => `${instruction} ${hash}`;

/** What has to be added to one list of instructions, and taken from it, to get the other one. */
function instructionChanges(
  before: readonly LockedInstruction[],
  now: readonly (LockedInstruction & { line: number; text: string })[],
): string[] {
  const was = before.map(keyOf);
  const is = now.map(keyOf);
  if (was.join("\n") === is.join("\n")) return [];
  const left = counts(was);
  const added = now.filter((one) => !take(left, keyOf(one)));
  const rest = counts(is);
  const removed = before.filter((one) => !take(rest, keyOf(one)));
  const words = [
    ...added.map(({ line, text }) => `line ${line} is new or changed: ${shortened(text)}`),
    ...removed.slice(added.length).map(({ instruction }) => `an instruction ${instruction} is gone`),
  ];
  return words.length > 0 ? words : ["its instructions stand in another order"];
}

function counts(keys: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

function take(from: Map<string, number>, key: string): boolean {
  const count = from.get(key) ?? 0;
  if (count > 0) from.set(key, count - 1);
  return count > 0;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}...` : line;
}
