import { messageOf } from "../base/errors/message";

/** Whether a status of an HTTP GET counts as healthy: 200 to 399, the range that container orchestrators use. */
export function isHealthyStatus(status: number): boolean {
  return status >= 200 && status < 400;
}

/** What waiting for health needs from outside. */
export interface Probe {
  /** Status of one HTTP GET without following redirects; throws when there is no answer within the limit. */
  status(url: string, limitMs: number, signal?: AbortSignal): Promise<number>;
  /** Why waiting longer is useless; null: it may still become healthy. */
  hopeless(): Promise<string | null>;
  now(): number;
  pause(ms: number): Promise<void>;
}

/** Milliseconds between two requests, and the limit for one request. */
const PAUSE_MS = 300;
const LOOK_MS = 5_000;
/** Milliseconds by which a timer may fire early, because it counts whole milliseconds. */
const EARLY_MS = 5;

/** The result: healthy after so many seconds, or the reason why not. */
type Health = { ok: true; seconds: number } | { ok: false; reason: string };

/**
 * Requests a URL again and again until it answers healthily, the deadline has passed, or waiting is useless.
 *
 * @param deadlineSeconds seconds from now
 * @throws the signal's reason when the signal aborts
 */
export async function waitUntilHealthy(
  probe: Probe,
  url: string,
  deadlineSeconds: number,
  signal?: AbortSignal,
): Promise<Health> {
  const started = probe.now();
  const elapsed = (): number => probe.now() - started;
  const limitMs = deadlineSeconds * 1000;
  let last: string | null = null;
  do {
    signal?.throwIfAborted();
    const left = Math.max(1, limitMs - elapsed());
    try {
      const status = await probe.status(url, Math.ceil(Math.min(LOOK_MS, left)), signal);
      if (isHealthyStatus(status)) return { ok: true, seconds: elapsed() / 1000 };
      last = `its last answer was HTTP ${status}`;
    } catch (error) {
      signal?.throwIfAborted();
      // The deadline may cut this request short. Then the answer before it says more.
      if (last === null || elapsed() < limitMs - EARLY_MS) last = `it gave no answer (${messageOf(error)})`;
    }
    const hopeless = await probe.hopeless();
    if (hopeless !== null) return { ok: false, reason: hopeless };
    await probe.pause(PAUSE_MS);
    signal?.throwIfAborted();
  } while (elapsed() < limitMs);
  return { ok: false, reason: `${url} was not healthy within ${deadlineSeconds} s: ${last}` };
}
