import { setTimeout as sleep } from "node:timers/promises";
import { letGo } from "../../base/lease/hold-file";
import { thisHolder } from "../../base/lease/holder";
import { attempt, type SeenHold } from "../../base/lease/take-hold";
import { HistoryHeldError } from "./errors";

/** How long a line's place in the history is waited for, in milliseconds. */
export interface HistoryTimes {
  poll: number;
  /** Without a sign of life, after which a writer on another machine counts as dead. */
  stale: number;
  limit: number;
}

/** What they are outside tests. A line takes milliseconds, so no sign of life is needed in between. */
export const HISTORY_TIMES: HistoryTimes = { poll: 20, stale: 30_000, limit: 120_000 };

/** Where the hold lies; no artifact has a `~` in its name. */
export function historyHold(root: string): string {
  return `${root}/.promotions~.hold`;
}

/**
 * Does work while nobody else writes into a store's history: no other promotion of this process, and no other
 * process or machine. A killed one is replaced.
 *
 * @throws {HistoryHeldError} when somebody else is at it for longer than the limit
 */
export async function holdHistory<T>(
  root: string,
  file: string,
  work: () => Promise<T>,
  times: HistoryTimes = HISTORY_TIMES,
): Promise<T> {
  const hold = historyHold(root);
  const own = await thisHolder(new Date());
  const started = performance.now();
  let seen: SeenHold | null = null;
  for (;;) {
    const look = await attempt(hold, own, seen, times.stale);
    if (look.taken) break;
    ({ seen } = look);
    if (performance.now() - started >= times.limit) {
      throw new HistoryHeldError(file, hold, seen?.found.holder ?? null, times.limit / 1000);
    }
    if (!look.again) await sleep(times.poll);
  }
  try {
    return await work();
  } finally {
    await letGo(hold, own);
  }
}
