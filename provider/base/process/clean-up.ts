/**
 * Does work and cleans up after it. If both fail, the error of the work is the one to report: cleaning up often fails for the
 * same reason, and says nothing of what was being done.
 */
export async function thenCleanUp<T>(work: () => Promise<T>, cleanUp: () => Promise<unknown>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await cleanUp().catch(() => undefined);
    throw error;
  }
  await cleanUp();
  return result;
}
