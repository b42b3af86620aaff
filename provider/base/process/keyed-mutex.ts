import { Semaphore, type Queue } from "./semaphore";

/** Lets one caller at a time have a key, in order of arrival. Callers with different keys don't wait for each other. */
export class KeyedMutex {
  readonly #seats = new Map<string, Semaphore>();

  /** How many keys somebody has or waits for. */
  get size(): number {
    return this.#seats.size;
  }

  /**
   * @param onWait called once, only if somebody has the key now
   * @returns a function that lets the next caller in; calling it again does nothing
   * @throws the signal's reason, when it is aborted during the wait
   */
  async enter(
    key: string,
    options: { signal?: AbortSignal; onWait?: (queue: Queue) => void } = {},
  ): Promise<() => void> {
    const seats = this.#seats.get(key) ?? new Semaphore();
    this.#seats.set(key, seats);
    const tidy = (): void => {
      if (seats.running + seats.waiting === 0 && this.#seats.get(key) === seats) this.#seats.delete(key);
    };
    try {
      const leave = await seats.take(1, options);
      return () => {
        leave();
        tidy();
      };
    } catch (error) {
      tidy();
      throw error;
    }
  }
}
