import { setTimeout as pause } from "node:timers/promises";
import { CommandError } from "../../base/process/command-error";

const PAUSES_MS = [250, 1000, 3000];

/** What a registry says about a layer that it received just now, and the status codes 500 to 504 of a registry's own failure. */
const UNSETTLED =
  /\b(?:manifest blob unknown|blob unknown to registry|unknown blob|digest invalid)\b|\b50[0-4] \([A-Z][A-Za-z ]+\)/i;

/**
 * Whether a failure of a registry is temporary. Some registries keep their data in files. While two clients upload the
 * same layer to one repository, such a registry may find its file about that layer empty. It then answers 500, or refuses
 * the manifest (distribution/distribution issue 4489; measured with version 2.8: 10 of 240 copies, four at a time).
 */
export function isUnsettled(error: unknown): boolean {
  if (!(error instanceof CommandError) || error.failure.cancelled || error.failure.timedOut) return false;
  return UNSETTLED.test(error.failure.stderr);
}

/**
 * Does a transfer, and repeats it if the registry fails for a moment. There are at most four attempts. A repeated
 * transfer does no harm, because content is stored under its digest.
 *
 * @param pausesMs pauses between attempts, in milliseconds; there is one more attempt than pauses
 * @throws the error of the last attempt
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
    // An abort ends the pause. The next attempt then says that it was cancelled.
    await pause(milliseconds, undefined, { signal }).catch(() => undefined);
  }
  await transfer();
}
