import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import type { Lease } from "./lease-content";
import { identitySchema, thisProcess, type ProcessIdentity } from "../process/identity";

export const leaseSchema = identitySchema.extend({
  token: z.string().regex(/^[0-9a-f]{16}$/),
  host: z.string(),
  since: z.string(),
}) satisfies z.ZodType<Lease>;

export interface FoundLease {
  /** null when the file can't be understood: it is being written just now, or damaged. */
  lease: Lease | null;
  /** When the file was last touched, in milliseconds since 1970. A live process touches it again and again. */
  touchedMs: number;
}

export function newToken(): string {
  return randomBytes(8).toString("hex");
}

/** Makes a lease, but no file for it. Default: of this process, from now on. */
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

/** The tokens of the leases that this process holds, by file. */
const ours = new Map<string, string>();

/**
 * Takes a lease by making its file, which must not exist yet. The file is removed at the latest when this process
 * exits. A killed process leaves its file behind, and the next process replaces it.
 *
 * @returns whether the lease was taken; false when the file exists, and also when its folder is gone
 */
export async function createLeaseFile(file: string, lease: Lease): Promise<boolean> {
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

export async function readLease(file: string): Promise<FoundLease | null> {
  try {
    const text = await readFile(file, "utf8");
    return { lease: parseLease(text), touchedMs: (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Touches the file of a lease, to show that its process lives. */
export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/** Gives up one's own lease. If its file can't be removed now, the lease ends when this process does. */
export async function release(file: string, { token }: Lease): Promise<void> {
  const found = await readLease(file).catch(() => null);
  if (found?.lease?.token === token) await rm(file, { force: true }).catch(() => undefined);
  if (ours.get(file) !== token) return;
  ours.delete(file);
  if (ours.size === 0) process.removeListener("exit", releaseAll);
}

/** Runs when the process exits, so it may only do synchronous work. */
function releaseAll(): void {
  for (const [file, token] of ours) {
    try {
      if (parseLease(readFileSync(file, "utf8"))?.token === token) rmSync(file, { force: true });
    } catch {
      // The file is gone already, or it stays and the next process replaces it.
    }
  }
}

/**
 * Removes the lease of a process that is gone, and never a new lease that has taken its place. Whoever removes a lease
 * first takes a second one, named after the token of the first, and then reads the first one again. If a crash leaves
 * the second lease behind, it is removed in the same way.
 *
 * @param found the lease as it was when its process was found to be gone
 * @param isGone tells whether the process of a lease is gone
 * @returns whether the lease is gone; false when another process is removing it or has taken its place
 */
export async function removeGone(
  file: string,
  found: FoundLease,
  own: Lease,
  isGone: (file: string, found: FoundLease) => boolean,
): Promise<boolean> {
  const guard = `${file}.${found.lease?.token ?? "damaged"}`;
  if (!(await createLeaseFile(guard, own))) {
    const other = await readLease(guard);
    if (other === null || !isGone(guard, other)) return false;
    if (!(await removeGone(guard, other, own, isGone)) || !(await createLeaseFile(guard, own))) return false;
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
