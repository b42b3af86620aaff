import { messageOf } from "../base/errors/message";

/** Answers of an HTTP GET that count as healthy: 200 to 399, as container orchestrators have it. */
export function isHealthyStatus(status: number): boolean {
  return status >= 200 && status < 400;
}

/** What waiting for health needs of the world. */
export interface Probe {
  /** Status of one HTTP GET without following redirects; throws when there is no answer within the limit. */
  status(url: string, limitMs: number, signal?: AbortSignal): Promise<number>;
  /** Why it is no use to wait any longer, or null. */
  hopeless(): Promise<string | null>;
  now(): number;
  pause(ms: number): Promise<void>;
}

/** Milliseconds between two looks, and what one look may take. */
const PAUSE_MS = 300;
const LOOK_MS = 5_000;
/** Milliseconds by which a timer may be early: it counts whole ones. */
const EARLY_MS = 5;

/** How it went: healthy after so many seconds, or why not. */
type Health = { ok: true; seconds: number } | { ok: false; reason: string };

/**
 * Asks a URL until it answers well, the deadline has passed, or there is no hope.
 *
 * @param deadlineSeconds seconds from now
 * @throws the signal's reason, when it is aborted
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
      // A look that the deadline cuts short tells less than the one before it.
      if (last === null || elapsed() < limitMs - EARLY_MS) last = `it gave no answer (${messageOf(error)})`;
    }
    const hopeless = await probe.hopeless();
    if (hopeless !== null) return { ok: false, reason: hopeless };
    await probe.pause(PAUSE_MS);
    signal?.throwIfAborted();
  } while (elapsed() < limitMs);
  return { ok: false, reason: `${url} was not healthy within ${deadlineSeconds} s: ${last}` };
}
