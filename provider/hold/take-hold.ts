import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../store/errors";
import { LayerHeldError } from "./errors";
import { makeFolders, removeEmptyFolders } from "./folders";
import { place, readHold, removeDead, type FoundHold } from "./hold-file";
import { holderState } from "./holder";
import { holderWords, type Holder } from "./holder-words";
import type { HoldTimes } from "./times";

/** A hold to be taken, and who hears of a wait. */
export interface HoldWanted {
  root: string;
  layer: string;
  file: string;
  own: Holder;
  times: HoldTimes;
  signal: AbortSignal | undefined;
  note: (words: string) => void;
}

/** A hold that was taken. */
export interface TakenHold {
  /** Whether somebody else had it before. */
  waited: boolean;
  /** The topmost folder that was made for it, or null. */
  made: string | null;
}

/** The same hold, and no sign of life in between. Pure. */
function isUnmoved(before: FoundHold, now: FoundHold): boolean {
  return before.holder?.token === now.holder?.token && before.touchedMs === now.touchedMs;
}

/**
 * Waits until nobody holds the layer, and holds it.
 *
 * @throws {LayerHeldError} when the wait takes too long
 * @throws {StoreError} when the store can't be written
 */
export async function takeHold(wanted: HoldWanted): Promise<TakenHold> {
  const made: { topmost: string | null } = { topmost: null };
  try {
    return { waited: await wait(wanted, made), made: made.topmost };
  } catch (error) {
    await removeEmptyFolders(wanted.root, made.topmost);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    const { message } = error as Error;
    throw new StoreError(`the artifact store ${wanted.root} can't be used: ${message}`, wanted.root, {
      cause: error,
    });
  }
}

async function wait(wanted: HoldWanted, made: { topmost: string | null }): Promise<boolean> {
  const { root, layer, file, own, times, signal, note } = wanted;
  const started = performance.now();
  let said: number | null = null;
  let seen: { found: FoundHold; at: number } | null = null;
  for (;;) {
    signal?.throwIfAborted();
    made.topmost = (await makeFolders(root)) ?? made.topmost;
    if (await place(file, own)) return seen !== null;
    const found = await readHold(file);
    if (found === null) continue;
    const now = performance.now();
    // Another machine's clock may differ from ours: what counts is how long we have seen nothing move.
    if (seen === null || !isUnmoved(seen.found, found)) seen = { found, at: now };
    const state = found.holder === null ? "unknown" : await holderState(found.holder, own);
    const dead = state === "dead" || (state === "unknown" && now - seen.at >= times.stale);
    if (dead && (await removeDead(file, found, own))) continue;
    if (now - started >= times.limit) {
      throw new LayerHeldError(layer, root, file, found.holder, times.limit / 1000);
    }
    if (!dead && found.holder !== null && (said === null || now - said >= times.say)) {
      const start = said === null ? "waiting" : `still waiting after ${Math.round((now - started) / 1000)} s`;
      note(`${start}: this layer of the store is held by ${holderWords(found.holder)}`);
      said = now;
    }
    await sleep(times.poll, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
