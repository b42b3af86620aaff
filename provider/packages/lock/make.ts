import { validateLock } from "./schema";
import { type LockParts, canonicalParts } from "./canonical-parts";
import type { Lock } from "./types";

/**
 * A lock from its parts, in any order. Fields that a lock doesn't keep (a captured package's `installer`) are
 * dropped, empty optional ones too, lists are sorted, exact repetitions go. What comes out can be written and
 * read back.
 *
 * @throws LockError when a part breaks the schema: an unknown ecosystem, an empty name, a base without a
 *   digest, a string with a lone surrogate.
 */
export function makeLock(parts: LockParts): Lock {
  return validateLock(
    canonicalParts(parts),
    "It was not written; this is a fault in what the image was found to hold.",
  );
}
