/**
 * The process groups that this process started and that still run. Each child leads a group of its own, so
 * that ending it ends what it started in turn (docker's CLI plugins, a shell's children).
 */
const groups = new Set<number>();

/** Remembers a child's group for as long as it runs. Returns the function that forgets it. */
export function trackGroup(pid: number): () => void {
  groups.add(pid);
  return () => groups.delete(pid);
}

/**
 * Sends a signal to one process group. A group that is gone already is no error, nor is one of which only
 * processes are left that may not be signalled (EPERM: of another user, or on some systems ended ones).
 */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Sends a signal to every group that still runs; returns how many there were. */
export function signalAllGroups(signal: NodeJS.Signals): number {
  for (const pid of groups) signalGroup(pid, signal);
  return groups.size;
}
