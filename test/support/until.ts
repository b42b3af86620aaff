import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again and again until there is an answer, and returns it with the milliseconds that it took.
 * Throws when there is none within the limit.
 *
 * @param what what is waited for, in words
 * @param ask null or undefined: not yet
 */
export async function until<T>(
  what: string,
  limitMs: number,
  ask: () => T | null | undefined | Promise<T | null | undefined>,
): Promise<{ answer: T; ms: number }> {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    const ms = performance.now() - started;
    if (answer !== null && answer !== undefined) return { answer, ms };
    if (ms > limitMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(100);
  }
}
