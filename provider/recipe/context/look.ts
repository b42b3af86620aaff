import { type BigIntStats, lstatSync, readdirSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { mapBounded } from "./bounded";

/** How many files are looked at before other work gets its turn. */
const ROW = 256;
/** An answer that takes longer than so many milliseconds is late. */
const LATE_MS = 0.5;
/**
 * A file system does not count as far away until so many answers were late, because any answer may be, on a busy
 * machine.
 */
const MANY = 16;

export interface Looker {
  /** The names in a directory, with one character for each byte (latin1). */
  names(directory: Buffer): Promise<string[]>;
  /** What is at each path, or the error. Links are not followed. */
  stats(paths: readonly Buffer[], signal?: AbortSignal): Promise<(BigIntStats | Error)[]>;
}

/**
 * Makes a looker that suits the file system. A near file system answers at once. There it is five times as fast to ask
 * for one file after another as in parallel, and a context may have 100,000 files. If most answers are late, as over a
 * network, it asks for several files at the same time.
 *
 * @param concurrency how many at the same time
 */
export function looker(concurrency: number, clock: () => number = () => performance.now()): Looker {
  let asked = 0;
  let late = 0;
  const timed = <T>(look: () => T): T => {
    const before = clock();
    try {
      return look();
    } finally {
      asked += 1;
      if (clock() - before > LATE_MS) late += 1;
    }
  };
  const isFar = (): boolean => late > MANY && late > asked / 2;
  const statNow = (path: Buffer): BigIntStats | Error => {
    try {
      return timed(() => lstatSync(path, { bigint: true }));
    } catch (error) {
      return error as Error;
    }
  };
  const statLater = (path: Buffer): Promise<BigIntStats | Error> =>
    lstat(path, { bigint: true }).catch((error: Error) => error);
  return {
    names: async (directory) =>
      isFar()
        ? await readdir(directory, { encoding: "latin1" })
        : timed(() => readdirSync(directory, { encoding: "latin1" })),
    async stats(paths, signal) {
      const found: (BigIntStats | Error)[] = [];
      while (found.length < paths.length && !isFar()) {
        signal?.throwIfAborted();
        for (const path of paths.slice(found.length, found.length + ROW)) found.push(statNow(path));
        await setImmediate();
      }
      return [...found, ...(await mapBounded(paths.slice(found.length), concurrency, statLater, signal))];
    },
  };
}
