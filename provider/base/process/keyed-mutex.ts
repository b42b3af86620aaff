import { Semaphore, type Queue } from "./semaphore";

/** One at a time for each key, first come first served; different keys don't wait for each other. */
export class KeyedMutex {
  readonly #slots = new Map<string, Semaphore>();

  /** Keys that somebody holds or waits for. */
  get size(): number {
    return this.#slots.size;
  }

  /**
   * @param onWait called once, and only if somebody holds the key now
   * @returns lets the next one in; calling it again does nothing
   * @throws the signal's reason
   */
  async enter(
    key: string,
    options: { signal?: AbortSignal; onWait?: (queue: Queue) => void } = {},
  ): Promise<() => void> {
    const slots = this.#slots.get(key) ?? new Semaphore();
    this.#slots.set(key, slots);
    const tidy = (): void => {
      if (slots.running + slots.waiting === 0 && this.#slots.get(key) === slots) this.#slots.delete(key);
    };
    try {
      const leave = await slots.take(1, options);
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
