import { failureText } from "./output/failure";
import type { World } from "./world";

/**
 * Runs work that a signal may end (see `interruptible`). The process ends right after such work, so the error is printed
 * here.
 */
export async function untilInterrupted<T>(
  world: World,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) world.err(`interrupted\n${failureText(error)}`);
    throw error;
  }
}
