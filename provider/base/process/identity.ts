import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces, uptime } from "node:os";
import { z } from "zod";

/** How a process's identity is written. */
export const identitySchema = z.object({
  /** Where process IDs mean the same: one boot of one kernel, and one PID namespace. 16 hex digits. */
  space: z.string(),
  pid: z.number().int().positive(),
  /** When it was started, in clock ticks since boot; null where that can't be told. */
  started: z.string().nullable(),
});

/** Which process it is. No other one has the same, however often numbers and host names are given out again. */
export type ProcessIdentity = z.infer<typeof identitySchema>;

/** Whether a process runs. `unknown`: nobody can tell from here. */
export type Liveness = "alive" | "gone" | "unknown";

/** What the system says of a process. */
export interface ProcessFacts {
  /** One letter: `R`, `S`, `Z` and so on. */
  state: string;
  started: string;
}

/** What can be seen of a process ID from here. */
export interface Sight {
  /** Whether any process has this number. */
  exists: boolean;
  /** null: the system doesn't say. */
  facts: ProcessFacts | null;
}

/**
 * Whether a process runs. Another boot is `unknown` like another machine: host names, machine IDs and engine IDs are
 * copied along with disk images, so none of them says surely that the machine is the same.
 *
 * @param space the one of whoever asks
 * @param sight what can be seen there of the process's number
 */
export function judgeLiveness(who: ProcessIdentity, space: string, { exists, facts }: Sight): Liveness {
  if (who.space !== space) return "unknown";
  // A killed process keeps its number until its parent, or an init that reaps, has noticed.
  if (!exists || facts?.state === "Z" || facts?.state === "X") return "gone";
  if (facts === null || who.started === null) return "unknown";
  return facts.started === who.started ? "alive" : "gone";
}

/** Whether a process runs, as far as can be told from here. */
export function liveness(who: ProcessIdentity): Liveness {
  const { space } = thisProcess();
  return judgeLiveness(who, space, { exists: exists(who.pid), facts: processFacts(who.pid) });
}

/** A process of this PID namespace. */
export function identityOf(pid: number): ProcessIdentity {
  own ??= { space: spaceHere(), pid: process.pid, started: processFacts(process.pid)?.started ?? null };
  return pid === own.pid ? own : { ...own, pid, started: processFacts(pid)?.started ?? null };
}

let own: ProcessIdentity | undefined;

/** This process. */
export function thisProcess(): ProcessIdentity {
  return identityOf(process.pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Reads proc(5)'s `/proc/<pid>/stat`; null when the text is none. */
export function parseStat(text: string): ProcessFacts | null {
  // "pid (comm) state ppid ..."; comm may hold spaces and parentheses. Field 22 is the start, in clock ticks since boot.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? null : { state, started };
}

/** Null where the system doesn't say: only Linux does. */
function processFacts(pid: number): ProcessFacts | null {
  try {
    if (pid === process.pid) return parseStat(readFileSync("/proc/self/stat", "utf8"));
    // A PID namespace without a /proc of its own sees its parent's, in which the number is another process's.
    if (readlinkSync("/proc/self") !== String(process.pid)) return null;
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/**
 * Where there is no /proc, a machine is told by its host name, its network cards and the minute of its boot; where PID
 * namespaces or jails may be about that can't be told, each process is in a space of its own.
 */
function spaceHere(): string {
  let parts: string[];
  try {
    parts = [readFileSync("/proc/sys/kernel/random/boot_id", "utf8"), readlinkSync("/proc/self/ns/pid")];
  } catch {
    const cards = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ mac }) => mac));
    const boot = String(Math.round((Date.now() / 1000 - uptime()) / 60));
    const alone = process.platform !== "darwin" && process.platform !== "win32";
    parts = alone ? [randomUUID()] : [hostname(), ...cards.toSorted(), boot];
  }
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
