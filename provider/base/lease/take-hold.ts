import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../errors/store-error";
import { letGoAtExit } from "./at-exit";
import { ArtifactHeldError } from "./errors";
import { makeFolders, removeEmptyFolders } from "./folders";
import { place, readHold, removeDead, type FoundHold } from "./hold-file";
import { holderState } from "./holder";
import { holderWords, type Holder } from "./holder-words";
import type { HoldTimes } from "./times";

/** A hold to be taken, and who hears of a wait. */
export interface HoldWanted {
  root: string;
  name: string;
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

/** A hold of somebody else's, and since when it has shown no sign of life (`performance.now()`). */
export interface SeenHold {
  found: FoundHold;
  at: number;
}

/** What one look at a hold that is wanted came to. */
export interface Attempt {
  taken: boolean;
  /** Who has it, or had it when it was last seen; null when nobody was seen to have it. */
  seen: SeenHold | null;
  /** It is free now, or was just freed: the next look may take it. */
  again: boolean;
  /** Its holder is gone, but somebody else is at it already. */
  dead: boolean;
}

/** The same hold, and no sign of life in between. */
function isUnmoved(before: FoundHold, now: FoundHold): boolean {
  return before.holder?.token === now.holder?.token && before.touchedMs === now.touchedMs;
}

/**
 * Waits until nobody holds the artifact, and holds it.
 *
 * @throws {ArtifactHeldError} when the wait takes too long
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

/**
 * Takes a hold, or looks who has it; one whose holder is gone is taken away.
 *
 * @param before what the look before saw
 * @param stale milliseconds without a sign of life, after which a holder elsewhere counts as dead
 */
export async function attempt(
  file: string,
  own: Holder,
  before: SeenHold | null,
  stale: number,
): Promise<Attempt> {
  if (await place(file, own)) {
    letGoAtExit(file, own);
    return { taken: true, seen: before, again: false, dead: false };
  }
  const found = await readHold(file);
  if (found === null) return { taken: false, seen: before, again: true, dead: false };
  const now = performance.now();
  // Another machine's clock may differ from ours: what counts is how long we have seen nothing move.
  const seen = before !== null && isUnmoved(before.found, found) ? before : { found, at: now };
  const state = found.holder === null ? "unknown" : await holderState(found.holder, own);
  const dead = state === "dead" || (state === "unknown" && now - seen.at >= stale);
  return { taken: false, seen, again: dead && (await removeDead(file, found, own)), dead };
}

async function wait(wanted: HoldWanted, made: { topmost: string | null }): Promise<boolean> {
  const { root, name, file, own, times, signal, note } = wanted;
  const started = performance.now();
  let said: number | null = null;
  let seen: SeenHold | null = null;
  for (;;) {
    signal?.throwIfAborted();
    made.topmost = (await makeFolders(root)) ?? made.topmost;
    const look = await attempt(file, own, seen, times.stale);
    ({ seen } = look);
    if (look.taken) return seen !== null;
    if (look.again || seen === null) continue;
    const { found } = seen;
    const now = performance.now();
    if (now - started >= times.limit) {
      throw new ArtifactHeldError(name, root, file, found.holder, times.limit / 1000);
    }
    if (!look.dead && found.holder !== null && (said === null || now - said >= times.say)) {
      const start = said === null ? "waiting" : `still waiting after ${Math.round((now - started) / 1000)} s`;
      note(`${start}: this artifact of the store is held by ${holderWords(found.holder)}`);
      said = now;
    }
    await sleep(times.poll, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
