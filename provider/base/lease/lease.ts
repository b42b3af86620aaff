import { setTimeout as sleep } from "node:timers/promises";
import { liveness } from "../process/identity";
import {
  createLeaseFile,
  newLease,
  readLease,
  release,
  removeGone,
  touch,
  type FoundLease,
} from "./lease-file";
import type { Lease } from "./lease-content";

/** The times for waiting and for keeping a lease, in milliseconds. */
export interface LeaseTimes {
  /** Between two looks at a lease that somebody else holds. */
  poll: number;
  /** Between two signs of life that a process gives for its own lease. */
  beat: number;
  /** A process counts as gone after so long without a sign of life, if it can't be seen from here whether it runs. */
  stale: number;
  /** Between two reports about a wait. */
  report: number;
  /** A wait is given up after so long. */
  limit: number;
}

/** The times outside tests. Each step of a build has a time limit of its own, so a live process comes to an end. */
export const LEASE_TIMES: LeaseTimes = {
  poll: 250,
  beat: 10_000,
  stale: 60_000,
  report: 60_000,
  limit: 2 * 3_600_000,
};

/** Which lease is wanted, and whom to tell about it. */
export interface LeaseWanted {
  /** The files, of which one is taken: a single one for a single thing, or one for each seat. */
  files: readonly string[];
  times: LeaseTimes;
  signal?: AbortSignal;
  /** Called before each attempt. */
  prepare?: () => Promise<void>;
  /** Called now and then during a wait: who has the leases, and how many milliseconds it has lasted (null at first). */
  onWait?: (leases: readonly Lease[], waitedMs: number | null) => void;
  /** Makes the error for a wait that takes too long. Without it the wait has no limit. */
  inUse?: (lease: Lease | null) => Error;
  /** Makes the error for a lost lease. `lease` is somebody else's that is there now; null when the file was removed. */
  lost: (file: string, lease: Lease | null) => Error;
}

export interface Held {
  /** Aborts when the caller's own signal aborts, and when the lease is lost. */
  signal: AbortSignal;
  /** Whether somebody else's lease was there before. */
  waited: boolean;
  /** Looks once more whether the lease is still one's own, and throws the error `lost` if it is not. */
  assertHeld: () => Promise<void>;
}

/**
 * Does work while one lease is held. Nobody else holds it during that time, on this machine or on another one that
 * shares the folder. If the process that holds it is gone, it is taken over at once. If it can't be seen from here
 * whether that process runs, the lease is taken over after {@link LeaseTimes.stale} without a sign of life.
 *
 * @throws the error `inUse` when the wait takes longer than {@link LeaseTimes.limit}
 * @throws the error `lost` when the work fails and the lease was lost: the work's own error is only a consequence
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

/** A lease for which signs of life are given. */
export interface KeptLease {
  /** Aborts when the lease is somebody else's, or its file is gone. */
  lost: AbortSignal;
  /** Ends the signs of life, after one last look at the lease. */
  stop(): Promise<void>;
}

/**
 * Touches the file of a lease again and again, as long as the lease is one's own. It does not keep the process running.
 *
 * @param beatMs milliseconds between two touches
 * @param lost makes the error for a lost lease; see {@link LeaseWanted.lost}
 */
export function keepAlive(
  file: string,
  token: string,
  beatMs: number,
  lost: (lease: Lease | null) => Error,
): KeptLease {
  const controller = new AbortController();
  const beat = async (): Promise<void> => {
    // If the store does not answer once, the build goes on.
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

/** Somebody else's lease, and since when it has shown no sign of life (`performance.now()`, milliseconds). */
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
  let reported: number | null = null;
  for (;;) {
    let freed = false;
    for (const file of files) {
      signal?.throwIfAborted();
      await prepare?.();
      if (await createLeaseFile(file, own)) return { file, waited: seen.size > 0 };
      const found = await readLease(file);
      if (found !== null && isGone(file, found)) freed ||= await removeGone(file, found, own, isGone);
    }
    if (freed) continue;
    const others = files.flatMap((file) => seen.get(file) ?? []);
    const waited = performance.now() - started;
    if (inUse !== undefined && waited >= times.limit) throw inUse(others[0]?.found.lease ?? null);
    const known = others.flatMap(({ found, gone }) => (gone || found.lease === null ? [] : [found.lease]));
    if (known.length > 0 && (reported === null || waited - reported >= times.report)) {
      onWait?.(known, reported === null ? null : waited);
      reported = waited;
    }
    await sleep(times.poll, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function look(found: FoundLease, before: Seen | undefined, stale: number): Seen {
  const unmoved =
    before?.found.lease?.token === found.lease?.token && before?.found.touchedMs === found.touchedMs;
  const now = performance.now();
  // Another machine's clock may differ from ours, so we count how long we have seen no change.
  const at = before !== undefined && unmoved ? before.at : now;
  const state = found.lease === null ? "unknown" : liveness(found.lease);
  return { found, at, gone: state === "gone" || (state === "unknown" && now - at >= stale) };
}
