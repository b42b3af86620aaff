import { setTimeout as pause } from "node:timers/promises";
import { CommandError } from "../../base/process/command-error";

/** Pauses between attempts, milliseconds. */
const PAUSES_MS = [250, 1000, 3000];

/** The registry's words for a layer that it has just taken, and 500 to 504 for trouble of its own. */
const UNSETTLED =
  /\b(?:manifest blob unknown|blob unknown to registry|unknown blob|digest invalid)\b|\b50[0-4] \([A-Z][A-Za-z ]+\)/i;

/**
 * Whether a registry has trouble that passes. While two clients upload the same layer into one repository, a registry
 * that keeps its data in files may find the file about that layer empty: it says 500, or refuses the manifest
 * (distribution/distribution issue 4489; measured with version 2.8: 10 of 240 copies, four at a time).
 */
export function isUnsettled(error: unknown): boolean {
  if (!(error instanceof CommandError) || error.failure.cancelled || error.failure.timedOut) return false;
  return UNSETTLED.test(error.failure.stderr);
}

/**
 * Does a transfer, and does it again as long as the registry has trouble that passes: up to four attempts. A
 * transfer that is repeated changes nothing, as content goes by its digest.
 *
 * @param pausesMs pauses between attempts, milliseconds
 * @throws whatever the last attempt threw
 */
export async function onceSettled(
  transfer: () => Promise<unknown>,
  signal?: AbortSignal,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  for (const milliseconds of pausesMs) {
    try {
      await transfer();
      return;
    } catch (error) {
      if (!isUnsettled(error) || signal?.aborted === true) throw error;
    }
    // An interruption ends the pause; the transfer itself then says that it was cancelled.
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }
  await transfer();
}
