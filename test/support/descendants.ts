import { execFileSync } from "node:child_process";
import { processTree } from "./process-tree";

/** A running process. */
export interface Descendant {
  pid: number;
  /** The process that it is a child of. */
  parent: number;
  /** Its command line, as ps(1) shows it. */
  command: string;
}

/** This process's descendants, or another's, that are running now; the process itself is left out. */
export function descendants(root: number = process.pid): Descendant[] {
  const pids = processTree(root).filter((pid) => pid !== root);
  return pids.length === 0 ? [] : list(["-p", pids.join(",")]);
}

/** Every process on this machine. */
export function allProcesses(): Descendant[] {
  return list(["-A"]);
}

function list(selection: readonly string[]): Descendant[] {
  let text: string;
  try {
    text = execFileSync("ps", ["-ww", "-o", "pid=,ppid=,args=", ...selection], { encoding: "utf8" });
  } catch (error) {
    // ps exits with 1 and says nothing when none of the processes is there any more.
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (status !== 1 || stdout !== "") throw error;
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+) (.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}
