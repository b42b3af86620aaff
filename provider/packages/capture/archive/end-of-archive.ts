/** Bytes of the end-of-archive marker: two zero blocks of 512 bytes (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const MARKER_BYTES = 1024;

/** Zeros to compare with, as many as a pipe usually delivers in one piece. */
const ZEROS = Buffer.alloc(65_536);

/** Counts what a reader of tar headers does not see: the length of the stream, and the zeros at its end. */
interface TrailingZeros {
  see(chunk: Uint8Array): void;
  /** Bytes seen in total. */
  readonly total: number;
  /** Zero bytes at the very end of what was seen. */
  readonly zeros: number;
}

/** Counts the zeros at the end of a stream. A piece that does not end in zeros costs one comparison. */
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
 * Whether an archive whose last entry ends at `lastEntryEnd` was read whole. It was, if everything after that entry is
 * zero, and is at least as long as the marker. Zeros inside the last file's content do not count.
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
