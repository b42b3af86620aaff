import { readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import type { Drift } from "../packages/lock/types";
import { StoreError } from "../base/errors/store-error";
import type { BuildPaths } from "./paths";
import { writeAtomic } from "./write";

/** What a mark says, and about which image and lock. */
export interface Mark {
  imageId: string;
  lockHash: string;
  drift: Drift;
  reason: string | null;
  summary: string;
  at: string;
}

const change = z.object({ name: z.string(), from: z.string(), to: z.string() });
const item = z.object({ name: z.string(), version: z.string() });
/** What differs, in a mark or a state. */
export const drift: z.ZodType<Drift> = z.object({
  changed: z.array(change),
  added: z.array(item),
  removed: z.array(item),
});
const schema: z.ZodType<Mark> = z.object({
  imageId: z.string(),
  lockHash: z.string(),
  drift,
  reason: z.string().nullable(),
  summary: z.string(),
  at: z.string(),
});

/** A mark that was damaged or changed by hand. */
export class UnintelligibleMarkError extends StoreError {
  constructor(file: string, options?: { cause?: unknown }) {
    super(`the mark ${basename(file)} can't be understood; verify the build again`, file, options);
  }
}

/** A mark as found: which of the two files, and what it says. */
export interface FoundMark {
  state: "verified" | "unverified";
  mark: Mark;
}

/** Puts a build's mark in place. Never both: the other one is removed first, so a crash leaves none. */
export async function writeMark(
  paths: BuildPaths,
  state: "verified" | "unverified",
  mark: Mark,
): Promise<void> {
  const [file, other] =
    state === "verified" ? [paths.verified, paths.unverified] : [paths.unverified, paths.verified];
  await rm(other, { force: true });
  await writeAtomic(file, `${JSON.stringify(mark, null, 2)}\n`);
}

/** Takes both marks away, before a new verification. */
export async function clearMarks(paths: BuildPaths): Promise<void> {
  await rm(paths.verified, { force: true });
  await rm(paths.unverified, { force: true });
}

async function read(file: string): Promise<Mark | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StoreError(`the mark ${file} can't be read`, file, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UnintelligibleMarkError(file, { cause: error });
  }
}

/** Reads a build's mark; both found counts as unverified, none as null. */
export async function readMark(paths: BuildPaths): Promise<FoundMark | null> {
  const unverified = await read(paths.unverified);
  if (unverified !== null) return { state: "unverified", mark: unverified };
  const verified = await read(paths.verified);
  return verified === null ? null : { state: "verified", mark: verified };
}
