import { spawnSync } from "node:child_process";

/** A running process. */
export interface Descendant {
  pid: number;
  /** The process that it is a child of. */
  parent: number;
  /** Its command line, as ps(1) shows it. */
  command: string;
}

/** Every process on this machine. */
export function allProcesses(): Descendant[] {
  const columns = ["-ww", "-A", "-o", "pid=,ppid=,args="];
  const ps = spawnSync("ps", columns, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (ps.status !== 0) throw ps.error ?? new Error(`ps exited ${ps.status}\n${ps.stderr}`);
  return ps.stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+) (.*)$/.exec(line) ?? [];
    const isOther = command !== undefined && Number(pid) !== ps.pid;
    return isOther ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
  });
}

/**
 * This process's descendants, or another's, that are running now, parents first; the process itself is left out. Process
 * groups aren't enough: Pulumi's CLI and our own runner both give their children groups of their own.
 */
export function descendants(root: number = process.pid): Descendant[] {
  const all = allProcesses();
  const found = all.filter(({ parent }) => parent === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Sends a signal to each of these processes; those that are gone don't matter. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
