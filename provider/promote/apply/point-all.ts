import type { Digest } from "../../base/reference/types";
import { messageOf } from "../../base/errors/message";
import { ImmutableTargetError, PromotionFailedError } from "../gate/errors";
import type { Place } from "./places";

/** Target reference -> image ID or digest that it pointed at before; null: the target did not exist. */
export type Previous = Record<string, Digest | null>;

/** Targets of one place. */
export interface Move {
  place: Place;
  targets: readonly string[];
}

interface Step {
  target: string;
  place: Place;
  before: Digest | null;
}

/** What went wrong when targets were put back; a target that was put back is in no list. */
interface Restored {
  /** Putting it back failed. */
  failed: Step[];
  /** Somebody else has moved it meanwhile, so it was left alone. */
  foreign: Step[];
  /** It is new, and its registry removes no tags. */
  stuck: Step[];
}

/**
 * Points every target at the promoted image, and reads each one back. When a target can't be moved, the targets before it
 * are put back to what they pointed at, except those that somebody else has moved meanwhile.
 *
 * @param promoted the image, for messages
 * @param options immutable: refuse, before anything is moved, a target that exists and points at another image
 * @returns what each target pointed at before
 * @throws {ImmutableTargetError} nothing was moved
 * @throws {PromotionFailedError} naming the target that could not be moved, and those that could not be put back
 */
export async function pointAll(
  moves: readonly Move[],
  promoted: string,
  options: { immutable?: boolean } = {},
): Promise<Previous> {
  const steps: Step[] = [];
  for (const { place, targets } of moves) {
    if (targets.length === 0) continue;
    const before = await place.where(targets);
    for (const target of targets) steps.push({ target, place, before: before.get(target) ?? null });
  }
  if (options.immutable === true) {
    const taken = steps.flatMap(({ target, before, place }) =>
      before === null || before === place.promoted ? [] : [{ target, at: before }],
    );
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  const moved: Step[] = [];
  try {
    for (const step of steps) {
      const { target, place, before } = step;
      if (before === place.promoted) continue;
      moved.push(step);
      await place.point(target, place.promoted);
      const there = (await place.where([target])).get(target) ?? null;
      if (there !== place.promoted) {
        throw new PromotionFailedError(
          `${target} was tagged with ${place.promoted}, but names ${there ?? "nothing"} when read back`,
        );
      }
    }
    return Object.fromEntries(steps.map(({ target, before }) => [target, before]));
  } catch (error) {
    const restored = await restore(moved);
    const words = [messageOf(error), ...restoredWords(restored)].join("; ");
    const left = [...restored.failed, ...restored.stuck].map(({ target, before, place }) => {
      return { target, before, at: place.promoted };
    });
    throw new PromotionFailedError(`promotion of ${promoted} failed: ${words}`, { cause: error, left });
  }
}

/** Puts those targets back that still point at the promoted image. */
async function restore(moved: readonly Step[]): Promise<Restored> {
  const restored: Restored = { failed: [], foreign: [], stuck: [] };
  for (const step of [...moved].reverse()) {
    const { target, place, before } = step;
    try {
      const now = (await place.where([target])).get(target) ?? null;
      if (now === before) continue;
      if (now !== place.promoted) restored.foreign.push(step);
      else if (before !== null) await place.point(target, before);
      else if (place.clear === null) restored.stuck.push(step);
      else await place.clear(target);
    } catch {
      restored.failed.push(step);
    }
  }
  return restored;
}

function restoredWords({ failed, foreign, stuck }: Restored): string[] {
  const words: string[] = [];
  const names = (steps: readonly Step[]): string => steps.map(({ target }) => target).join(", ");
  if (failed.length > 0) words.push(`these targets could not be put back: ${names(failed)}`);
  if (foreign.length > 0) words.push(`moved by someone else meanwhile, and left so: ${names(foreign)}`);
  if (stuck.length > 0) {
    words.push(
      `new in their registry, where a tag can't be removed, and so left on the promoted image: ${names(stuck)}`,
    );
  }
  return words.length === 0 ? ["every target is as it was before"] : words;
}
