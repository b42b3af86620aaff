/**
 * The process groups that this process started and that still run. Each child leads a group of its own. A signal to the
 * group also reaches what the child started (docker's CLI plugins, a shell's children).
 */
const groups = new Set<number>();

/** Remembers the group of a child. Returns a function that forgets it. */
export function trackGroup(pid: number): () => void {
  groups.add(pid);
  return () => groups.delete(pid);
}

/**
 * Sends a signal to one process group. Two errors are ignored. ESRCH: the group is gone already. EPERM: only processes
 * are left that may not be signalled, such as another user's or, on some systems, ended ones.
 */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Sends a signal to every group that still runs, and returns how many there are. */
export function signalAllGroups(signal: NodeJS.Signals): number {
  for (const pid of groups) signalGroup(pid, signal);
  return groups.size;
}
