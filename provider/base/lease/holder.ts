import { createHash, randomBytes } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import { hasEnded, parseStat, statFile, type ProcessFacts } from "../process/proc-stat";
import type { Holder } from "./holder-words";

/** How a holder is written. */
export const holderSchema = z.object({
  token: z.string().regex(/^[0-9a-f]{16}$/),
  host: z.string(),
  pid: z.number().int().positive(),
  machine: z.string(),
  started: z.string().nullable(),
  since: z.string(),
});

/** Reads a holder; null when the text is none. */
export function parseHolder(text: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Where process IDs mean the same: one boot of one kernel, and one PID namespace. A host's name does not say
 * that, for containers may share it.
 */
async function processSpace(): Promise<string> {
  const parts = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8"),
    readlink("/proc/self/ns/pid"),
  ]).catch(() => [hostname()]);
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** Null where there is no such file. */
async function processFacts(pid: number): Promise<ProcessFacts | null> {
  const text = await readFile(statFile(pid), "utf8").catch(() => null);
  return text === null ? null : parseStat(text);
}

/** A token that no other hold has. */
export function newToken(): string {
  return randomBytes(8).toString("hex");
}

/** A process of this machine as a holder. */
export async function holderOf(pid: number, token: string, now: Date): Promise<Holder> {
  return {
    token,
    host: hostname(),
    pid,
    machine: await processSpace(),
    started: (await processFacts(pid))?.started ?? null,
    since: now.toISOString(),
  };
}

/** This process as a holder, with a token that no other hold has. */
export async function thisHolder(now: Date): Promise<Holder> {
  return await holderOf(process.pid, newToken(), now);
}

/**
 * Whether the holder's process runs. `unknown`: it is (or was) on another machine, or in another container,
 * and nobody here can tell.
 */
export async function holderState(holder: Holder, here: Holder): Promise<"alive" | "dead" | "unknown"> {
  if (holder.machine !== here.machine) return "unknown";
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  const facts = await processFacts(holder.pid);
  if (facts === null || holder.started === null) return "alive";
  // Its number may have gone to another process, and a killed one may wait for its parent to notice.
  return facts.started !== holder.started || hasEnded(facts) ? "dead" : "alive";
}
