import { mkdir, realpath, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StoreError } from "../errors/store-error";
import { messageOf } from "../errors/message";
import { KeyedMutex } from "../process/keyed-mutex";
import { ArtifactInUseError, LeaseLostError, leaseWords } from "./errors";
import { LEASE_TIMES, withLease, type LeaseTimes } from "./lease";

/** Which artifact to lease, and who is told about a wait. */
export interface ArtifactWanted {
  /** Absolute directory of the store. It is made if it is missing. */
  root: string;
  name: string;
  signal?: AbortSignal;
  /** Is told that there is a wait, and for whom. */
  note: (words: string) => void;
  times?: LeaseTimes;
}

/** An artifact whose lease this process holds now. */
export interface LeasedArtifact {
  /** Aborts when the caller's own signal aborts, and when the lease is lost. */
  signal: AbortSignal;
  /** True when earlier reads may be out of date: somebody else had the artifact meanwhile, or folders were made. */
  stale: boolean;
}

/** The path of an artifact's lease: beside the artifact's folder, under a name that no artifact can have. */
export function artifactLease(root: string, name: string): string {
  return join(root, `.${name}.lease`);
}

/** Lets one caller of this process at a time work on an artifact, in order of arrival. */
const turns = new KeyedMutex();

/**
 * Does work while nobody else works on the same artifact of the same store: no other resource of this process, and no
 * other process. See {@link withLease}. Readers of the store never wait. Folders that were made for the lease are
 * removed afterwards if they are empty.
 *
 * @throws {ArtifactInUseError} when another process keeps the artifact for longer than {@link LeaseTimes.limit}
 * @throws {LeaseLostError} when the lease is lost during the work
 * @throws {StoreError} when the store can't be written
 * @throws the signal's reason, at once, when it is aborted during the wait
 */
export async function withArtifact<T>(
  wanted: ArtifactWanted,
  work: (artifact: LeasedArtifact) => Promise<T>,
): Promise<T> {
  const { root, name, signal, note } = wanted;
  let turned = false;
  const onWait = (): void => {
    turned = true;
    note("waiting: another build of this artifact of the store is running in this process");
  };
  const store = await realpath(root).catch(() => resolve(root));
  const leave = await turns.enter(artifactLease(store, name), { signal, onWait });
  try {
    return await withLeaseOn(wanted, ({ signal: held, stale }) =>
      work({ signal: held, stale: stale || turned }),
    );
  } finally {
    leave();
  }
}

async function withLeaseOn<T>(
  { root, name, signal, note, times = LEASE_TIMES }: ArtifactWanted,
  work: (artifact: LeasedArtifact) => Promise<T>,
): Promise<T> {
  const file = artifactLease(root, name);
  let made: string | undefined;
  let taken = false;
  try {
    return await withLease(
      {
        files: [file],
        times,
        signal,
        async prepare() {
          made = (await mkdir(root, { recursive: true })) ?? made;
        },
        onWait([other = null], waitedMs) {
          const start =
            waitedMs === null ? "waiting" : `still waiting after ${Math.round(waitedMs / 1000)} s`;
          note(`${start}: this artifact of the store is in use by ${leaseWords(other)}`);
        },
        inUse: (other) => new ArtifactInUseError(name, root, file, other, times.limit / 1000),
        lost: (_, other) => new LeaseLostError(`the artifact ${name}`, file, other),
      },
      async ({ signal: held, waited, assertHeld }) => {
        taken = true;
        const stale = waited || (made !== undefined && made !== root);
        const result = await work({ signal: held, stale });
        await assertHeld();
        return result;
      },
    );
  } catch (error) {
    if (taken || !(error instanceof Error && "syscall" in error)) throw error;
    throw new StoreError(`the artifact store ${root} can't be used: ${messageOf(error)}`, root, {
      cause: error,
    });
  } finally {
    if (made !== undefined) await removeEmptyFolders(root, made);
  }
}

/** Removes a folder, then its parents up to the topmost one. Stops at the first folder that is not empty. */
async function removeEmptyFolders(folder: string, topmost: string): Promise<void> {
  for (let at = folder; at.length >= topmost.length; at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
