import { messageOf } from "../../provider/base/errors/message";
import type { LeftMoved } from "../../provider/promote/gate/errors";
import type { Place } from "../../provider/promote/apply/places";
import type { Previous } from "../../provider/promote/apply/point-all";

/**
 * Undoes a promotion: every target points again at what it pointed at before, unless somebody else has moved it meanwhile.
 *
 * @returns a sentence about each target, and those that could not be put back
 */
export async function putBack(
  place: Place,
  previous: Previous,
): Promise<{ words: string[]; left: LeftMoved[] }> {
  const words: string[] = [];
  const left: LeftMoved[] = [];
  for (const [target, before] of Object.entries(previous)) {
    if (before === place.promoted) continue;
    try {
      const now = (await place.where([target])).get(target) ?? null;
      if (now !== place.promoted && now !== before) {
        words.push(`${target} was moved to ${now ?? "nothing"} by someone else, and is left there`);
        continue;
      }
      if (now !== before) await (before === null ? place.clear?.(target) : place.point(target, before));
      const there = (await place.where([target])).get(target) ?? null;
      if (there !== before) throw new Error(`it names ${there ?? "nothing"} when read back`);
      words.push(`put back: ${target} is what it was before`);
    } catch (error) {
      words.push(`ATTENTION: ${target} could not be put back to ${before ?? "nothing"}: ${messageOf(error)}`);
      left.push({ target, before, at: place.promoted });
    }
  }
  return { words, left };
}
