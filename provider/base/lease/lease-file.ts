import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import type { Lease } from "./lease-content";
import { identitySchema, thisProcess, type ProcessIdentity } from "../process/identity";

/** How a lease is written. */
export const leaseSchema = identitySchema.extend({
  token: z.string().regex(/^[0-9a-f]{16}$/),
  host: z.string(),
  since: z.string(),
}) satisfies z.ZodType<Lease>;

/** A lease as found. */
export interface FoundLease {
  /** null when the file does not say: it is just being written, or damaged. */
  lease: Lease | null;
  /** Moves on for as long as the process lives. */
  touchedMs: number;
}

/** A token that no other lease has. */
export function newToken(): string {
  return randomBytes(8).toString("hex");
}

/** A lease of a process, in no file yet. */
export function newLease(
  since: Date = new Date(),
  who: ProcessIdentity = thisProcess(),
  token: string = newToken(),
): Lease {
  return { ...who, token, host: hostname(), since: since.toISOString() };
}

function parseLease(text: string): Lease | null {
  try {
    return leaseSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/** Tokens of this process's leases, by file. */
const ours = new Map<string, string>();

/**
 * Takes a lease: makes its file, which must not be there. It goes with this process at the latest; a process that is
 * killed leaves it, and the next one replaces it.
 *
 * @returns whether it was taken; false also when the folder is gone
 */
export async function place(file: string, lease: Lease): Promise<boolean> {
  const handle = await open(file, "wx", 0o644).catch((error: unknown) => {
    if (codeOf(error) === "EEXIST" || codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return false;
  try {
    await handle.writeFile(`${JSON.stringify(lease)}\n`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  if (ours.size === 0) process.once("exit", releaseAll);
  ours.set(file, lease.token);
  return true;
}

/** Reads a lease; null when there is none. */
export async function readLease(file: string): Promise<FoundLease | null> {
  try {
    const text = await readFile(file, "utf8");
    return { lease: parseLease(text), touchedMs: (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Shows that the lease's process lives. */
export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** Takes one's own lease away. What can't be removed now ends with this process. */
export async function release(file: string, { token }: Lease): Promise<void> {
  const found = await readLease(file).catch(() => null);
  if (found?.lease?.token === token) await rm(file, { force: true }).catch(() => undefined);
  if (ours.get(file) !== token) return;
  ours.delete(file);
  if (ours.size === 0) process.removeListener("exit", releaseAll);
}

/** At a process's exit nothing but synchronous work is done. */
function releaseAll(): void {
  for (const [file, token] of ours) {
    try {
      if (parseLease(readFileSync(file, "utf8"))?.token === token) rmSync(file, { force: true });
    } catch {
      // It is gone, or stays for the next one to replace.
    }
  }
}

/**
 * Takes the lease of a process that is gone away, and never another one that has come in its place: who wants to remove
 * it takes a lease named after its token first, and looks again. What a crash leaves of that is removed the same way.
 *
 * @param found the lease as it was when its process was found gone
 * @param isGone whether the process of such a lease is gone too
 * @returns whether it is gone; false when somebody else is at it
 */
export async function removeGone(
  file: string,
  found: FoundLease,
  own: Lease,
  isGone: (file: string, found: FoundLease) => boolean,
): Promise<boolean> {
  const guard = `${file}.${found.lease?.token ?? "damaged"}`;
  if (!(await place(guard, own))) {
    const other = await readLease(guard);
    if (other === null || !isGone(guard, other)) return false;
    if (!(await removeGone(guard, other, own, isGone)) || !(await place(guard, own))) return false;
  }
  try {
    const now = await readLease(file);
    const same = now?.lease?.token === found.lease?.token && now?.touchedMs === found.touchedMs;
    if (same) await rm(file, { force: true });
    return same || now === null;
  } finally {
    await release(guard, own);
  }
}
