import { canonicalLock } from "./canonical";
import { LockError } from "./errors";
import { KNOWN_SCHEMAS, validateLock } from "./schema";
import { canonicalParts } from "./canonical-parts";
import type { Lock } from "./types";

const ADVICE =
  "Restore the lock file from where it was committed, or build the image again to make a new one.";

/**
 * Reads a lock file and brings the lock into canonical order. The layout and the order of the text don't matter; for
 * that see {@link isCanonical}. Bytes must be UTF-8.
 *
 * @throws {LockError} when the text isn't JSON, has an unknown schema version, lacks a field, or has a field too many
 */
export function parseLock(text: string | Uint8Array): Lock {
  const value = readJson(typeof text === "string" ? text : decode(text));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LockError(["it is not a JSON object"], ADVICE);
  }
  const { schema } = value as { schema?: unknown };
  if (schema === undefined) throw new LockError(["it names no schema version"], ADVICE);
  if (!KNOWN_SCHEMAS.includes(schema as number)) {
    const known = `this package knows ${KNOWN_SCHEMAS.join(", ")}`;
    throw new LockError(
      [`schema version ${JSON.stringify(schema)} is not known; ${known}`],
      "Build the image again, or use the version of this package that wrote the lock.",
    );
  }
  return canonicalParts(validateLock(value, ADVICE));
}

/** Whether the text is, byte for byte, what {@link canonicalLock} writes for the lock in it. */
export function isCanonical(text: string | Uint8Array): boolean {
  try {
    const written = canonicalLock(parseLock(text));
    return typeof text === "string" ? written === text : Buffer.from(written, "utf8").equals(text);
  } catch (error) {
    if (error instanceof LockError) return false;
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LockError(["it is not UTF-8"], ADVICE, { cause });
  }
}

/** The line with git's first conflict mark, from 1; null: there is none. */
function conflictLine(text: string): number | null {
  const at = text.split("\n").findIndex((line) => line.startsWith("<<<<<<< "));
  return at === -1 ? null : at + 1;
}

function readJson(text: string): unknown {
  const conflict = conflictLine(text);
  if (conflict !== null) {
    throw new LockError(
      [`it has git's conflict marks, the first in line ${conflict}`],
      "Choose one side in each of these places, or take one version of the whole file and build the image again.",
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LockError([`it is not JSON (${(cause as Error).message})`], ADVICE, { cause });
  }
}
