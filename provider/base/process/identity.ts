import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces, uptime } from "node:os";
import { z } from "zod";

export const identitySchema = z.object({
  /** Where a process ID means the same process: one boot of one kernel, and one PID namespace. 16 hex digits. */
  space: z.string(),
  pid: z.number().int().positive(),
  /** When it was started, in clock ticks since boot; null where the system does not say. */
  started: z.string().nullable(),
});

/** Identifies a process. No other process ever has the same identity, although process IDs and host names are reused. */
export type ProcessIdentity = z.infer<typeof identitySchema>;

/** Whether a process runs. `unknown`: this can't be seen from here. */
export type Liveness = "alive" | "gone" | "unknown";

export interface ProcessFacts {
  /** One letter, as in proc(5): `R`, `S`, `Z` and so on. */
  state: string;
  started: string;
}

/** What this process can see of a process ID. */
export interface Sight {
  exists: boolean;
  /** null: the system doesn't say. */
  facts: ProcessFacts | null;
}

/**
 * Decides whether a process runs. For a process of another boot the answer is `unknown`, as for one of another machine:
 * host names, machine IDs and engine IDs are copied with disk images, so none of them proves that it is the same
 * machine.
 *
 * @param space where the process that asks is
 * @param sight what can be seen there of the other process's ID
 */
export function judgeLiveness(who: ProcessIdentity, space: string, { exists, facts }: Sight): Liveness {
  if (who.space !== space) return "unknown";
  // A killed process keeps its ID until its parent, or an init that reaps, has collected it.
  if (!exists || facts?.state === "Z" || facts?.state === "X") return "gone";
  if (facts === null || who.started === null) return "unknown";
  return facts.started === who.started ? "alive" : "gone";
}

/** Whether a process runs, as far as this process can see. */
export function liveness(who: ProcessIdentity): Liveness {
  const { space } = thisProcess();
  return judgeLiveness(who, space, { exists: exists(who.pid), facts: processFacts(who.pid) });
}

/** The identity of a process in this PID namespace. */
export function identityOf(pid: number): ProcessIdentity {
  own ??= { space: spaceHere(), pid: process.pid, started: processFacts(process.pid)?.started ?? null };
  return pid === own.pid ? own : { ...own, pid, started: processFacts(pid)?.started ?? null };
}

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  return identityOf(process.pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, but it is another user's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** Reads the text of `/proc/<pid>/stat` (proc(5)); null when it has another form. */
export function parseStat(text: string): ProcessFacts | null {
  // "pid (comm) state ppid ..."; comm may contain spaces and parentheses. Field 22 is the start, in clock ticks since
  // boot.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? null : { state, started };
}

/** Null where the system doesn't say. Only Linux does. */
function processFacts(pid: number): ProcessFacts | null {
  try {
    if (pid === process.pid) return parseStat(readFileSync("/proc/self/stat", "utf8"));
    // A PID namespace without its own /proc sees its parent's. There the same ID is another process's.
    if (readlinkSync("/proc/self") !== String(process.pid)) return null;
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return null;
  }
}

/**
 * Where this process's ID has a meaning: the boot and the PID namespace. macOS and Windows have no /proc; there the
 * host name, the network cards and the minute of the boot are used. On other systems without /proc there may be PID
 * namespaces or jails that can't be told apart, so each process is on its own.
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
