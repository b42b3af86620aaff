import { CONCURRENCY_KEY, CONCURRENCY_VARIABLE } from "../../inputs/concurrency";
import { Semaphore, type Queue } from "../../base/process/semaphore";
import type { Effects } from "./effects";

/** Shared by all builds of this process, because one `pulumi up` starts all its creates at once. */
const seats = new Semaphore();

/** One build's seat among those that may run at once. It is taken only when there is something to run. */
export interface Seat {
  /**
   * Waits until this build may run; does nothing when it may already.
   *
   * @returns whether it had to wait
   * @throws the reason of the effects' signal, as soon as that aborts
   */
  take(): Promise<boolean>;
}

const count = (number: number, noun: string): string => `${number} other ${noun}${number === 1 ? "" : "s"}`;

/** The line about waiting for a seat. */
export function seatWords({ running, ahead }: Queue, limit: number): string {
  const busy = `${count(running, "build")} ${running === 1 ? "is" : "are"} running`;
  const before = ahead === 0 ? "" : `, ${ahead} more ${ahead === 1 ? "waits" : "wait"} before this one`;
  return `waiting: ${busy}${before} (limit ${limit}; ${CONCURRENCY_VARIABLE} or ${CONCURRENCY_KEY} changes it)`;
}

/** Runs `work`, which may take a seat; the seat is given back at the end. */
export async function withSeat<T>(
  effects: Pick<Effects, "concurrency" | "signal" | "note">,
  name: string,
  work: (seat: Seat) => Promise<T>,
): Promise<T> {
  const { concurrency: limit, signal } = effects;
  let leave: (() => void) | undefined;
  const take = async (): Promise<boolean> => {
    if (leave !== undefined) return false;
    let waited = false;
    const onWait = (queue: Queue): void => {
      waited = true;
      effects.note(name, seatWords(queue, limit));
    };
    leave = await seats.take(limit, { signal, onWait });
    return waited;
  };
  try {
    return await work({ take });
  } finally {
    leave?.();
  }
}
