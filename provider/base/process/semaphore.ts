/** What somebody who has to wait is told. */
export interface Queue {
  running: number;
  ahead: number;
}

interface Waiter {
  limit: number;
  admit(): void;
}

/**
 * A limited number of seats, given out in order of arrival. A caller that waits holds no seat. An abort ends its wait
 * at once.
 */
export class Semaphore {
  #running = 0;
  readonly #waiting: Waiter[] = [];

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Takes a seat as soon as fewer than `limit` are taken.
   *
   * @param onWait called once, only if no seat is free now
   * @returns a function that gives the seat back; calling it again does nothing
   * @throws the signal's reason, when it is aborted before or during the wait
   */
  async take(
    limit: number,
    { signal, onWait }: { signal?: AbortSignal; onWait?: (queue: Queue) => void } = {},
  ): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#waiting.length === 0 && this.#running < limit) {
      this.#running += 1;
    } else {
      onWait?.({ running: this.#running, ahead: this.#waiting.length });
      await this.#queue(limit, signal);
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#running -= 1;
      this.#admit();
    };
  }

  async #queue(limit: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        this.#admit();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        limit,
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      this.#waiting.push(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#running >= next.limit) return;
      this.#waiting.shift();
      this.#running += 1;
      next.admit();
    }
  }
}
