import { join } from "node:path";
import { LeaseLostError, leaseWords } from "./errors";
import { LEASE_TIMES, withLease, type LeaseTimes } from "./lease";

/** Among how many seats one is wanted, and who hears of a wait. */
export interface SeatWanted {
  /** Absolute directory of the store, which is there. */
  root: string;
  /** How many seats there are: whole, at least 1. */
  limit: number;
  signal?: AbortSignal;
  note: (words: string) => void;
  times?: LeaseTimes;
}

/** Where a seat's lease lies; no artifact has a `~` in its name. */
export function seatLease(root: string, number: number): string {
  return join(root, `.verifying~${number}.lease`);
}

/**
 * Does work in one of a store's seats: however many processes and machines want one, only so many verify in the
 * background at the same time; see {@link withLease}. There is no limit to the wait.
 *
 * @param work its signal aborts with the wanted seat's own, and when the seat is lost
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function inSeat<T>(wanted: SeatWanted, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { root, limit, signal, note, times = LEASE_TIMES } = wanted;
  return await withLease(
    {
      files: Array.from({ length: limit }, (_, index) => seatLease(root, index + 1)),
      times: { ...times, say: Infinity },
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
