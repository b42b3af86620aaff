import { setTimeout as sleep } from "node:timers/promises";
import { liveness } from "../process/identity";
import { newLease, place, readLease, release, removeGone, touch, type FoundLease } from "./lease-file";
import type { Lease } from "./lease-content";

/** How a lease is waited for and kept, in milliseconds. */
export interface LeaseTimes {
  /** Between two looks at somebody else's lease. */
  poll: number;
  /** Between two signs of life of one's own. */
  beat: number;
  /** Without a sign of life, after which a process counts as gone of which nobody can tell from here. */
  stale: number;
  /** Between two words about the wait. */
  say: number;
  /** After which waiting is given up. */
  limit: number;
}

/** What they are outside tests. Each step of a build has a limit of its own, so a process that lives goes on. */
export const LEASE_TIMES: LeaseTimes = {
  poll: 250,
  beat: 10_000,
  stale: 60_000,
  say: 60_000,
  limit: 2 * 3_600_000,
};

/** Which lease is wanted, and what is said of it. */
export interface LeaseWanted {
  /** Files of which one is to be had: the only one of a thing, or one for each seat. */
  files: readonly string[];
  times: LeaseTimes;
  signal?: AbortSignal;
  /** Called before each look. */
  prepare?: () => Promise<void>;
  /** Hears of a wait now and then: who has the leases, and for how many milliseconds it has lasted; null at first. */
  onWait?: (leases: readonly Lease[], waitedMs: number | null) => void;
  /** The error of a wait that is given up; without it none is. */
  inUse?: (lease: Lease | null) => Error;
  /** The error of work whose lease was lost: to somebody, or because its file was removed. */
  lost: (file: string, lease: Lease | null) => Error;
}

/** A lease that is held now. */
export interface Held {
  /** Aborts with the wanted lease's own signal, and when the lease is lost. */
  signal: AbortSignal;
  /** Whether somebody else had it before. */
  waited: boolean;
  /** Looks whether the lease is still one's own, and throws its error when it is lost. */
  assertHeld: () => Promise<void>;
}

/**
 * Does work while one lease is held: nobody else holds it then, on this machine or on one that shares the folder. Of a
 * process that is gone it is taken over at once; of one of which nobody can tell, after {@link LeaseTimes.stale}
 * without a sign of life.
 *
 * @throws the error `inUse` when the wait takes longer than {@link LeaseTimes.limit}
 * @throws the error `lost` when work fails and the lease was lost: what the work says of it is only the consequence
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function withLease<T>(wanted: LeaseWanted, work: (held: Held) => Promise<T>): Promise<T> {
  const { times, signal, lost } = wanted;
  const own = newLease();
  const { file, waited } = await take(wanted, own);
  const kept = keepAlive(file, own.token, times.beat, (lease) => lost(file, lease));
  const assertHeld = async (): Promise<void> => {
    await kept.stop();
    kept.lost.throwIfAborted();
  };
  try {
    const both = signal === undefined ? kept.lost : AbortSignal.any([signal, kept.lost]);
    return await work({ signal: both, waited, assertHeld });
  } catch (error) {
    await assertHeld();
    throw error;
  } finally {
    await kept.stop();
    await release(file, own);
  }
}

/** A lease that shows signs of life. */
export interface KeptLease {
  /** Aborts when the lease is no longer one's own. */
  lost: AbortSignal;
  /** Ends the signs of life, with a last look at the lease. */
  stop(): Promise<void>;
}

/**
 * Touches a lease's file again and again, as long as it is one's own. Never keeps the process alive.
 *
 * @param lost the error of a lease that was lost: to somebody, or because its file was removed
 */
export function keepAlive(
  file: string,
  token: string,
  beatMs: number,
  lost: (lease: Lease | null) => Error,
): KeptLease {
  const controller = new AbortController();
  const beat = async (): Promise<void> => {
    // A store that does not answer for a moment is no reason to end a build.
    const found = await readLease(file).catch(() => undefined);
    if (found === undefined) return;
    if (found?.lease?.token === token) await touch(file).catch(() => undefined);
    else controller.abort(lost(found?.lease ?? null));
  };
  let last = Promise.resolve();
  const timer = setInterval(() => void (last = last.then(beat)), beatMs);
  timer.unref();
  let stopped: Promise<void> | undefined;
  return {
    lost: controller.signal,
    async stop() {
      clearInterval(timer);
      await (stopped ??= last.then(beat));
    },
  };
}

/** A lease of somebody else's, and since when it has shown no sign of life (`performance.now()`). */
interface Seen {
  found: FoundLease;
  at: number;
  gone: boolean;
}

async function take(
  { files, times, signal, prepare, onWait, inUse }: LeaseWanted,
  own: Lease,
): Promise<{ file: string; waited: boolean }> {
  const started = performance.now();
  const seen = new Map<string, Seen>();
  const isGone = (file: string, found: FoundLease): boolean => {
    const now = look(found, seen.get(file), times.stale);
    seen.set(file, now);
    return now.gone;
  };
  let said: number | null = null;
  for (;;) {
    let freed = false;
    for (const file of files) {
      signal?.throwIfAborted();
      await prepare?.();
      if (await place(file, own)) return { file, waited: seen.size > 0 };
      const found = await readLease(file);
      if (found !== null && isGone(file, found)) freed ||= await removeGone(file, found, own, isGone);
    }
    if (freed) continue;
    const others = files.flatMap((file) => seen.get(file) ?? []);
    const waited = performance.now() - started;
    if (inUse !== undefined && waited >= times.limit) throw inUse(others[0]?.found.lease ?? null);
    const known = others.flatMap(({ found, gone }) => (gone || found.lease === null ? [] : [found.lease]));
    if (known.length > 0 && (said === null || waited - said >= times.say)) {
      onWait?.(known, said === null ? null : waited);
      said = waited;
    }
    await sleep(times.poll, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function look(found: FoundLease, before: Seen | undefined, stale: number): Seen {
  const unmoved =
    before?.found.lease?.token === found.lease?.token && before?.found.touchedMs === found.touchedMs;
  const now = performance.now();
  // Another machine's clock may differ from ours: what counts is how long we have seen nothing move.
  const at = before !== undefined && unmoved ? before.at : now;
  const state = found.lease === null ? "unknown" : liveness(found.lease);
  return { found, at, gone: state === "gone" || (state === "unknown" && now - at >= stale) };
}
