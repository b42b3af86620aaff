import type { Element } from "./ignore-expression";

/** One place in an expression at which a reader of a path can stand. */
interface Place {
  /** Where the next character leads; empty: it does not fit. */
  next: (char: string) => readonly number[];
  /** Where one stands as well, without reading anything. */
  also: readonly number[];
}

/**
 * Tells whether a whole path, or a directory above it, fits an expression. All ways to read the path are followed at
 * once, so the time is at most the product of both lengths. A regular expression of JavaScript tries one way after the
 * other, and with several wildcards there can be more ways than anybody can wait for.
 */
export function stepMatcher(elements: readonly Element[]): (path: string) => boolean {
  const places = elements.flatMap(placesOf);
  const end = places.length;
  return (path) => {
    let here = withAlso(places, [0]);
    for (const char of path.split("")) {
      if (char === "/" && here.has(end)) return true;
      const next = new Set<number>();
      for (const at of here) for (const to of places[at]?.next(char) ?? []) next.add(to);
      if (next.size === 0) return false;
      here = withAlso(places, next);
    }
    return here.has(end);
  };
}

const nowhere = (): [] => [];

/** The two places of an element. Only a wildcard over directories needs the second. */
function placesOf(element: Element, index: number): [Place, Place] {
  const first = 2 * index;
  const [second, after] = [first + 1, first + 2];
  const unused: Place = { next: nowhere, also: [] };
  if (element === "directories") {
    const inside: Place = { next: (char) => (char === "/" ? [second, after] : [second]), also: [] };
    return [{ next: nowhere, also: [second, after] }, inside];
  }
  const isMany = "many" in element;
  const fits = fitting(isMany ? element.many : element.one);
  const to = [isMany ? first : after];
  return [{ next: (char) => (fits(char) ? to : []), also: isMany ? [after] : [] }, unused];
}

/** Whether a character fits one character or set of an expression. */
function fitting(source: string): (char: string) => boolean {
  const expression = new RegExp(source, "s");
  const known = new Map<string, boolean>();
  return (char) => {
    const before = known.get(char);
    if (before !== undefined) return before;
    const fits = expression.test(char);
    known.set(char, fits);
    return fits;
  };
}

/** These places, and those at which one stands then as well. */
function withAlso(places: readonly Place[], reached: Iterable<number>): Set<number> {
  const all = new Set(reached);
  // The loop also reaches what is added meanwhile.
  for (const at of all) for (const other of places[at]?.also ?? []) all.add(other);
  return all;
}
