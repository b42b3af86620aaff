import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { identitySchema, liveness, thisProcess } from "../base/process/identity";
import { LONGEST_USE } from "../base/process/leftovers";
import { writeAtomic } from "./write";

const schema = z.object({
  /** The process that builds. */
  maker: identitySchema,
  /** Which folder of which store; a copy of the folder is another one. */
  store: z.string(),
  /** ID of the engine that has what the build has made so far. */
  engine: z.string(),
});

/** Says that a build has begun and not ended; a crash leaves it behind. */
export type Claim = z.infer<typeof schema>;

/** Claims of builds that this very process is at. */
const active = new Set<string>();

/** One folder in one place. The same path on another file system, or a copy, is not the same store. */
async function storeIdentity(directory: string): Promise<string> {
  const facts = await stat(directory, { bigint: true });
  const text = `${await realpath(directory)}\n${facts.ino}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Puts the claim of a build that begins now into an artifact's folder. */
export async function putClaim(file: string, directory: string, engine: string): Promise<void> {
  const claim: Claim = { maker: thisProcess(), store: await storeIdentity(directory), engine };
  active.add(file);
  await writeAtomic(file, `${JSON.stringify(claim)}\n`);
}

/** This process is no longer at the build; its claim's file may be there for the next one to find. */
export function releaseClaim(file: string): void {
  active.delete(file);
}

/**
 * Reads the claim of a build whose process is gone without a word, or of which nobody can tell and that is too old to
 * be under way. Null for all others: of a process that may still run, of a store that this folder is a copy of, or of
 * no form that is known.
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
