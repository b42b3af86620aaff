import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { letGo } from "./hold-file";
import { thisHolder } from "./holder";
import { holderWords, type Holder } from "./holder-words";
import { keepAlive } from "./keep-alive";
import { attempt, type SeenHold } from "./take-hold";
import { HOLD_TIMES, type HoldTimes } from "./times";

/** Which slot is wanted, and who hears of a wait. */
export interface SlotRequest {
  /** Absolute directory of the store, which is there. */
  root: string;
  /** How many slots there are: whole, at least 1. */
  limit: number;
  signal?: AbortSignal;
  note: (words: string) => void;
  times?: HoldTimes;
}

/** Where a slot's hold lies; no artifact has a `~` in its name. */
export function slotFile(root: string, number: number): string {
  return join(root, `.verifying~${number}.hold`);
}

/**
 * Does work in one of a store's slots: however many processes and machines want one, only so many work at the same
 * time. Whoever is gone without leaving its slot is replaced, as with an artifact's hold. There is no limit to the wait.
 *
 * @param work its signal aborts with the request's own, and when the slot is lost
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function inSlot<T>(request: SlotRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, times = HOLD_TIMES } = request;
  const own = await thisHolder(new Date());
  const file = await takeSlot(request, own, times);
  const kept = keepAlive(file, "verifications in the background", own, times.beat);
  try {
    return await work(AbortSignal.any(signal === undefined ? [kept.lost] : [signal, kept.lost]));
  } finally {
    await kept.stop();
    await letGo(file, own);
  }
}

async function takeSlot(
  { root, limit, signal, note }: SlotRequest,
  own: Holder,
  times: HoldTimes,
): Promise<string> {
  const seen = new Map<string, SeenHold | null>();
  const files = Array.from({ length: limit }, (_, index) => slotFile(root, index + 1));
  for (let said = false; ;) {
    for (const file of files) {
      signal?.throwIfAborted();
      const look = await attempt(file, own, seen.get(file) ?? null, times.stale);
      if (look.taken) return file;
      seen.set(file, look.seen);
    }
    if (!said) note(waitWords([...seen.values()], limit));
    said = true;
    await sleep(times.poll, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** What is said of a wait for a slot. */
function waitWords(seen: readonly (SeenHold | null)[], limit: number): string {
  const holders = seen.map((one) => holderWords(one?.found.holder ?? null)).join(", ");
  return `waiting: other verifications of this store run in the background (limit ${limit}): ${holders}`;
}
