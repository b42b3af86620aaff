import { validateLock } from "./schema";
import { type LockParts, canonicalParts } from "./canonical-parts";
import type { Lock } from "./types";

/**
 * Makes a lock from its parts and brings it into canonical form; see {@link canonicalParts}. Every lock that it makes
 * can be written and read back.
 *
 * @throws {LockError} when a part breaks the schema: an unknown ecosystem, an empty name, a base without a digest, a
 *   string with a lone surrogate
 */
export function makeLock(parts: LockParts): Lock {
  return validateLock(
    canonicalParts(parts),
    "It was not written; this is a fault in what the image was found to hold.",
  );
}
