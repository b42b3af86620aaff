import { join } from "node:path";
import { LeaseLostError, leaseWords } from "./errors";
import { LEASE_TIMES, withLease, type LeaseTimes } from "./lease";

export interface SeatWanted {
  /** Absolute directory of the store. It must exist. */
  root: string;
  /** How many seats there are: whole, at least 1. */
  limit: number;
  signal?: AbortSignal;
  note: (words: string) => void;
  times?: LeaseTimes;
}

/** The path of a seat's lease. No artifact has a `~` in its name, so no artifact's lease has this path. */
export function seatLease(root: string, number: number): string {
  return join(root, `.verifying~${number}.lease`);
}

/**
 * Does work in one of a store's seats. All processes and machines that use the store share its seats, so that only
 * `limit` verifications run in the background at the same time. See {@link withLease}. The wait has no time limit.
 *
 * @param work gets a signal that aborts when the caller's own signal aborts, and when the seat is lost
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function inSeat<T>(wanted: SeatWanted, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { root, limit, signal, note, times = LEASE_TIMES } = wanted;
  return await withLease(
    {
      files: Array.from({ length: limit }, (_, index) => seatLease(root, index + 1)),
      times: { ...times, report: Infinity },
      signal,
      onWait(others) {
        const who = others.map(leaseWords).join(", ");
        note(`waiting: other verifications of this store run in the background (limit ${limit}): ${who}`);
      },
      lost: (file, other) => new LeaseLostError("a seat for verifications in the background", file, other),
    },
    (held) => work(held.signal),
  );
}
