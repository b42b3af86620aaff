import { isThere } from "../../base/is-there";
import { isVerifiedImagesError } from "../../base/errors/base";
import { StoreError } from "../../base/errors/store-error";
import { parseScitexLock } from "../../packages/lock/scitex";
import type { Lock } from "../../packages/lock/types";
import { readPlain } from "../read-plain";
import { noDrift } from "../verification";
import type { Verification } from "../verified-state";
import type { ScitexBuild } from "./builds";

/** Lines of a mark that are repeated. */
const SHOWN = 3;

/**
 * The lock of a build of scitex-container.
 *
 * @throws {StoreError} when it is missing
 * @throws {LockError} when it can't be understood
 */
export async function scitexLock({ lock }: ScitexBuild): Promise<Lock> {
  const text = await readPlain(lock, "the lock");
  if (text === null) throw new StoreError(`the lock ${lock} is missing`, lock);
  return parseScitexLock(text);
}

/**
 * What the marks of scitex-container say of a build. Its mark names neither image nor lock, so it counts only beside a lock
 * that has packages: where it can't look into an image, that tool writes an empty lock, compares nothing, and marks the
 * build as verified.
 */
export async function scitexVerification(build: ScitexBuild): Promise<Verification> {
  const [verified, unverified] = await Promise.all([isThere(build.verified), isThere(build.unverified)]);
  const say = (state: "unverified" | "unknown", reason: string): Verification => ({
    ...{ state, drift: noDrift(), reason },
  });
  if (unverified) {
    const text = (await readPlain(build.unverified, "the mark")) ?? "";
    const lines = text.trim().split("\n").slice(0, SHOWN).join("; ");
    return say("unverified", `scitex-container says: ${lines}`);
  }
  try {
    const { packages } = await scitexLock(build);
    if (packages.length === 0)
      return say(
        "unknown",
        `its lock ${build.lock} names no package, so scitex-container has compared nothing`,
      );
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return say("unknown", error.message);
  }
  if (!verified) return say("unknown", "scitex-container has not verified it: the store has no mark for it");
  return { state: "verified", drift: noDrift(), reason: null, proof: "round trip" };
}
