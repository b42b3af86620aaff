import { failureText } from "./output/failure";
import type { World } from "./world";

/**
 * Does work that a signal may end (see `interruptible`). The signal ends this process right after the work, so what is to
 * be said of it is said here.
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
