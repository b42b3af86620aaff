import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { identitySchema, liveness, thisProcess } from "../base/process/identity";
import { LONGEST_USE } from "../base/process/leftovers";
import { writeAtomic } from "./write";

const schema = z.object({
  maker: identitySchema,
  /** Identifies the folder in its store. A copy of the folder has another identity. */
  store: z.string(),
  /** ID of the engine on which the build makes its images. */
  engine: z.string(),
});

/** Says that a build has begun and not ended. A build that crashes leaves it behind. */
export type Claim = z.infer<typeof schema>;

/** The files of claims whose builds run in this process. */
const active = new Set<string>();

/** Identifies a folder. The same path on another file system, and a copy of the folder, have other identities. */
async function storeIdentity(directory: string): Promise<string> {
  const facts = await stat(directory, { bigint: true });
  const text = `${await realpath(directory)}\n${facts.ino}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Writes the claim of a build that begins now into the artifact's folder. */
export async function putClaim(file: string, directory: string, engine: string): Promise<void> {
  const claim: Claim = { maker: thisProcess(), store: await storeIdentity(directory), engine };
  active.add(file);
  await writeAtomic(file, `${JSON.stringify(claim)}\n`);
}

/** Notes that this process has ended its build. If the claim's file is still there, the next build cleans up after it. */
export function releaseClaim(file: string): void {
  active.delete(file);
}

/**
 * Reads the claim of a build that crashed: its process is gone, or it can't be seen from here whether the process runs
 * and the claim is older than {@link LONGEST_USE}. Null for every other claim: its process may still run, it is about a
 * folder of which this one is a copy, or it can't be understood.
 */
export async function abandonedClaim(
  file: string,
  directory: string,
  now: number = Date.now(),
): Promise<Claim | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  let claim: Claim;
  try {
    claim = schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
  if (claim.store !== (await storeIdentity(directory))) return null;
  if (isDeepStrictEqual(claim.maker, thisProcess())) return active.has(file) ? null : claim;
  const state = liveness(claim.maker);
  const old = state === "unknown" && now - (await stat(file)).mtimeMs > LONGEST_USE;
  return state === "gone" || old ? claim : null;
}
