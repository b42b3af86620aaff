import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { LockError } from "./errors";
import { makeLock } from "./make";
import type { Lock } from "./types";

/**
 * The text of a lock file: RFC 8785 canonical JSON of the lock's canonical form, on one line and without a line end.
 * The file contains exactly the UTF-8 bytes of this text, so equal locks are equal files on every machine.
 *
 * @throws {LockError} when the lock breaks the schema
 */
export function canonicalLock(lock: Lock): string {
  const text = canonicalize(makeLock(lock));
  if (text === undefined) throw new LockError(["it has no JSON form"], "It was not written.");
  return text;
}

/** `sha256:` and the hex digest of a lock file's bytes. For a string these are its UTF-8 bytes. */
export function lockHash(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
