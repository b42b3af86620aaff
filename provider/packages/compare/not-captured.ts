import { NOT_CAPTURED, type Drift } from "../lock/types";

/** What differs in what nobody reads. */
export interface NotCapturedDifference {
  /** Kinds that only one side has. */
  drift: Drift;
  /** Kinds that both sides have, in other places. It is not known whether they are the same packages. */
  moved: string[];
}

/** The places of each kind, by the line of a lock without its places. */
function placesByKind(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(" (", NOT_CAPTURED.length);
      return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** Compares the lines that say what is there and was not read. */
export function compareNotCaptured(
  before: readonly string[],
  after: readonly string[],
): NotCapturedDifference {
  const [left, right] = [placesByKind(before), placesByKind(after)];
  const only = (one: Map<string, string>, other: Map<string, string>): Drift["added"] =>
    [...one].filter(([kind]) => !other.has(kind)).map(([name, version]) => ({ name, version }));
  return {
    drift: { changed: [], added: only(right, left), removed: only(left, right) },
    moved: [...left].flatMap(([kind, from]) => {
      const to = right.get(kind);
      return to === undefined || to === from ? [] : [`${kind} ${from} -> ${to}`];
    }),
  };
}
