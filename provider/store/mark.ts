import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import type { Drift } from "../packages/lock/types";
import { StoreError } from "../base/errors/store-error";
import type { BuildPaths } from "./paths";
import { readPlain } from "./read-plain";
import { writeAtomic } from "./write";

/** What a mark says about one image and its lock. */
export interface Mark {
  imageId: string;
  lockHash: string;
  drift: Drift;
  reason: string | null;
  summary: string;
  at: string;
  /** How it was found out. Default: by a rebuild. */
  proof?: "round trip" | "locked";
  /** How much of the build came from the cache, in words; left out: nothing was asked for. */
  fromCache?: string;
}

const change = z.object({ name: z.string(), from: z.string(), to: z.string() });
const item = z.object({ name: z.string(), version: z.string() });
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
  proof: z.enum(["round trip", "locked"]).optional(),
  fromCache: z.string().optional(),
});

/** A mark can't be understood: it was damaged, or changed by hand. */
export class UnintelligibleMarkError extends StoreError {
  constructor(file: string, options?: { cause?: unknown }) {
    super(`the mark ${basename(file)} can't be understood; verify the build again`, file, options);
  }
}

/** A mark that was found: which of the two files it is, and what it says. */
export interface FoundMark {
  state: "verified" | "unverified";
  mark: Mark;
}

/** Writes a build's mark. The opposite mark is removed first, so that there are never both; a crash may leave none. */
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

export async function clearMarks(paths: BuildPaths): Promise<void> {
  await rm(paths.verified, { force: true });
  await rm(paths.unverified, { force: true });
}

async function read(file: string): Promise<Mark | null> {
  const text = await readPlain(file, "the mark");
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new UnintelligibleMarkError(file, { cause: error });
  }
}

/** Reads a build's mark. Null when there is none. If there are both, the build counts as unverified. */
export async function readMark(paths: BuildPaths): Promise<FoundMark | null> {
  const unverified = await read(paths.unverified);
  if (unverified !== null) return { state: "unverified", mark: unverified };
  const verified = await read(paths.verified);
  return verified === null ? null : { state: "verified", mark: verified };
}
