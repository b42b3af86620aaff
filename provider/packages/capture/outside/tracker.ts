import { compareText } from "../../lock/order";
import type { Tracker } from "../tracker";
import { matcher } from "./match";
import { type NotCaptured, PLACES_NAMED } from "./not-captured";

/**
 * Sees what an image has that no detector reads, by the names of files. It keeps only as many places of each kind as are
 * named, so its memory does not grow with the image.
 */
export function notCapturedTracker(): Tracker {
  const seenIn = matcher();
  const found = new Map<string, string[]>();
  return {
    name: "not captured",
    see({ path, type }) {
      if (type === "directory") return undefined;
      for (const { what, place } of seenIn(path)) {
        const places = found.get(what);
        if (places === undefined) found.set(what, [place]);
        else if (!places.includes(place)) keepFirst(places, place);
      }
      return undefined;
    },
    conclude() {
      const notCaptured: NotCaptured[] = [...found].map(([what, places]) => ({ what, places }));
      return { state: { state: "absent" }, notCaptured };
    },
  };
}

/** Adds a place and keeps the first ones of the order, and one more that shows that there are others. */
function keepFirst(places: string[], place: string): void {
  places.push(place);
  places.sort(compareText);
  places.length = Math.min(places.length, PLACES_NAMED + 1);
}
