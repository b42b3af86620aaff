import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * A process and all its descendants, parents first. Process groups aren't enough: Pulumi's CLI and our own
 * runner both give their children groups of their own.
 */
export function processTree(root: number): number[] {
  const parents = process.platform === "linux" ? parentsFromProc() : parentsFromPs();
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid && !tree.includes(child)) tree.push(child);
  }
  return tree;
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

function parentsFromProc(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      // proc(5): "pid (comm) state ppid ..."; comm may hold spaces and parentheses.
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch (error) {
      // A process that ended between the listing and the reading is no descendant any more.
      if (!["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return parents;
}

function parentsFromPs(): Map<number, number> {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
}
