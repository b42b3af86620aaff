import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KeyedMutex } from "../process/keyed-mutex";
import { removeEmptyFolders } from "./folders";
import { letGo } from "./hold-file";
import { thisHolder } from "./holder";
import { keepAlive } from "./keep-alive";
import { takeHold } from "./take-hold";
import { HOLD_TIMES, type HoldTimes } from "./times";

/** Which artifact is to be held, and who hears of a wait. */
export interface HoldRequest {
  /** Absolute directory of the store; made when it is not there. */
  root: string;
  name: string;
  signal?: AbortSignal;
  /** Hears that there is a wait, and for whom. */
  note: (words: string) => void;
  times?: HoldTimes;
}

/** An artifact that is held now. */
export interface Held {
  /** Aborts with the request's own signal, and when the hold is lost. */
  signal: AbortSignal;
  /** Whether what was read before may be so no longer: somebody else had the artifact, or folders were made. */
  stale: boolean;
}

/** Where an artifact's hold lies: beside its folder, under a name that no artifact has. */
export function holdFile(root: string, name: string): string {
  return join(root, `.${name}.hold`);
}

/** One at a time within this process, first come first served. */
const turns = new KeyedMutex();

/**
 * Does work while nobody else builds the same artifact of the same store: no other resource of this process, and
 * no other process on this machine or on one that shares the store. Who is gone without letting go is replaced,
 * at once on this machine, else after {@link HoldTimes.stale}. Readers of the store never wait. Folders that were
 * made for the hold go again, unless something came into them.
 *
 * @throws {ArtifactHeldError} when another process holds it for longer than {@link HoldTimes.limit}
 * @throws {HoldLostError} when the hold was lost meanwhile
 * @throws {StoreError} when the store can't be written
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function holdArtifact<T>(request: HoldRequest, work: (held: Held) => Promise<T>): Promise<T> {
  const { root, name, signal, note } = request;
  let turned = false;
  const onWait = (): void => {
    turned = true;
    note("waiting: another build of this artifact of the store is running in this process");
  };
  const store = await realpath(root).catch(() => resolve(root));
  const leave = await turns.enter(holdFile(store, name), { signal, onWait });
  try {
    return await hold(request, (held) => work({ ...held, stale: held.stale || turned }));
  } finally {
    leave();
  }
}

async function hold<T>(request: HoldRequest, work: (held: Held) => Promise<T>): Promise<T> {
  const { root, name, signal, note, times = HOLD_TIMES } = request;
  const file = holdFile(root, name);
  const own = await thisHolder(new Date());
  const { waited, made } = await takeHold({ root, name, file, own, times, signal, note });
  const kept = keepAlive(file, name, own, times.beat);
  const { lost } = kept;
  try {
    const signals = signal === undefined ? [lost] : [signal, lost];
    const result = await work({
      signal: AbortSignal.any(signals),
      stale: waited || (made !== null && made !== root),
    });
    await kept.stop();
    lost.throwIfAborted();
    return result;
  } catch (error) {
    await kept.stop();
    // What the work says of it is only the consequence.
    lost.throwIfAborted();
    throw error;
  } finally {
    await letGo(file, own);
    await removeEmptyFolders(root, made);
  }
}
