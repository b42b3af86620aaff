import { GO_MAGIC, type GoBuildInfo, readGoBuildInfo } from "./go";

type Found = { kind: "found"; info: GoBuildInfo } | { kind: "old" } | { kind: "none" };

/** A part of a file, from one offset to just before another. */
export interface Range {
  start: number;
  end: number;
}

/** Build info stands at an offset that is a multiple of this. */
const ALIGNMENT = 16;

/**
 * Finds Go's build info in a file that streams by. Kept are the last bytes of a piece, in which the magic may begin, and
 * from the magic on what build info can need.
 *
 * @param ranges the parts of the file to look in
 */
export function goFinder(ranges: readonly Range[]): {
  chunk(data: Buffer, offset: number): void;
  /** Whether there is an answer, so that the rest of the file does not matter. */
  found(): boolean;
  conclude(): Found;
} {
  let answer: Found | null = null;
  /** Pieces that are not decided upon yet, the offset of the first, and their length. */
  let held: Buffer[] = [];
  let heldAt = 0;
  let length = 0;
  /** How many bytes must be held before the next look. */
  let needed = 0;

  const first = Math.min(...ranges.map(({ start }) => start));
  const last = Math.max(...ranges.map(({ end }) => end));
  const isPlace = (at: number): boolean =>
    at % ALIGNMENT === 0 && ranges.some(({ start, end }) => start <= at && at < end);

  /** Looks at all that is held, and keeps what the next look needs. */
  const look = (ended: boolean): void => {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held);
    let at = bytes.indexOf(GO_MAGIC);
    needed = 0;
    for (; at >= 0; at = bytes.indexOf(GO_MAGIC, at + 1)) {
      const result = isPlace(heldAt + at)
        ? readGoBuildInfo(bytes.subarray(at), ended)
        : { kind: "none" as const };
      if (result.kind === "none") continue;
      if (result.kind === "more") needed = result.bytes;
      else answer = result;
      break;
    }
    const from = at >= 0 ? at : Math.max(0, bytes.length - GO_MAGIC.length + 1);
    held = [Buffer.from(bytes.subarray(from))];
    heldAt += from;
    length = bytes.length - from;
  };
  return {
    chunk(piece, start) {
      if (answer !== null || (needed === 0 && (last <= start || start + piece.length <= first))) return;
      // What comes before the first place is not copied, and not searched.
      const offset = Math.max(start, needed === 0 ? first : start);
      const data = piece.subarray(offset - start);
      if (heldAt + length !== offset) {
        held = [];
        heldAt = offset;
        length = 0;
      }
      held.push(data);
      length += data.length;
      if (length >= needed) look(false);
    },
    found: () => answer !== null,
    conclude() {
      if (answer === null && length > 0) look(true);
      held = [];
      return answer ?? { kind: "none" };
    },
  };
}
