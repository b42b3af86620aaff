import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { LockError } from "./errors";
import { makeLock } from "./make";
import type { Lock } from "./types";

/** A value as canonical JSON (RFC 8785), on one line. */
function onOneLine(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new LockError(["it has no JSON form"], "It was not written.");
  return text;
}

/** A field of the lock. A list has each of its items on a line of its own. */
function field(name: string, value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return `  "${name}": ${onOneLine(value)}`;
  const items = value.map((item) => `    ${onOneLine(item)}`);
  return `  "${name}": [\n${items.join(",\n")}\n  ]`;
}

/**
 * The text of a lock file: JSON with sorted keys, each package on one line, and a line end. So `git diff` of two locks is a
 * list of the packages that differ. What is on one line is canonical JSON (RFC 8785). The file contains exactly the UTF-8
 * bytes of this text, so equal locks are equal files on every machine.
 *
 * @throws {LockError} when the lock breaks the schema
 */
export function canonicalLock(lock: Lock): string {
  const fields = Object.entries(makeLock(lock)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{\n${fields.map(([name, value]) => field(name, value)).join(",\n")}\n}\n`;
}

/** `sha256:` and the hex digest of a lock file's bytes. For a string these are its UTF-8 bytes. */
export function lockHash(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
