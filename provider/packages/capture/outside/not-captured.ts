import { compareText } from "../../lock/order";
import { NOT_CAPTURED } from "../../lock/types";
import { visible } from "../../../base/words/visible";

/** Something that an image has and that nobody reads, so that it is neither listed nor compared. */
export interface NotCaptured {
  /** What it is, such as `Composer packages`. */
  what: string;
  /** Where it is: directories or files, absolute. */
  places: readonly string[];
  /** The build stage that has it. Left out for the image itself. */
  stage?: string;
}

/** How many places a line names. More are not counted, so that one more or less does not change the line. */
export const PLACES_NAMED = 3;

/**
 * One line for each kind of thing that is not captured, sorted: `not captured: Composer packages (/app/vendor/composer)`.
 * Several findings of one kind become one line.
 */
export function notCapturedLines(items: readonly NotCaptured[]): string[] {
  const places = new Map<string, Set<string>>();
  for (const { what, places: found, stage } of items) {
    const known = places.get(what) ?? new Set<string>();
    places.set(what, known);
    for (const place of found) known.add(stage === undefined ? place : `${place} in stage ${stage}`);
  }
  return [...places]
    .map(([what, found]) => {
      const named = [...found].sort(compareText).slice(0, PLACES_NAMED);
      const more = found.size > named.length ? " and other places" : "";
      return visible(`${NOT_CAPTURED}${what} (${named.join(", ")}${more})`);
    })
    .sort(compareText);
}
