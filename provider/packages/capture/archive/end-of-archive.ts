/** Bytes of the end-of-archive marker: two zero blocks of 512 bytes (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const MARKER_BYTES = 1024;

/** A run of zeros to compare with, as long as the pieces in which a pipe usually delivers. */
const ZEROS = Buffer.alloc(65_536);

/** Counts what a reader of tar headers does not see: how long the stream was, and how many zeros ended it. */
interface TrailingZeros {
  see(chunk: Uint8Array): void;
  /** Bytes seen in total. */
  readonly total: number;
  /** Zero bytes at the very end of what was seen. */
  readonly zeros: number;
}

/** Watches a stream's trailing zeros; a piece that ends in another byte costs one comparison. */
export function trailingZeros(): TrailingZeros {
  let total = 0;
  let zeros = 0;
  return {
    see(chunk) {
      const run = zeroRun(chunk);
      zeros = run === chunk.length ? zeros + run : run;
      total += chunk.length;
    },
    get total() {
      return total;
    },
    get zeros() {
      return zeros;
    },
  };
}

/**
 * True if an archive whose last entry ends at `lastEntryEnd` was read whole: everything after it is zero,
 * and that is at least the marker. Zeros inside the last file's content do not count.
 */
export function endsWithMarker(seen: TrailingZeros, lastEntryEnd: number): boolean {
  const rest = seen.total - lastEntryEnd;
  return rest >= MARKER_BYTES && seen.zeros >= rest;
}

function zeroRun(chunk: Uint8Array): number {
  let end = chunk.length;
  while (end > 0 && chunk[end - 1] === 0) {
    const step = Math.min(end, ZEROS.length);
    if (step > 1 && ZEROS.compare(chunk, end - step, end, 0, step) === 0) {
      end -= step;
      continue;
    }
    while (end > 0 && chunk[end - 1] === 0) {
      end -= 1;
    }
  }
  return chunk.length - end;
}
