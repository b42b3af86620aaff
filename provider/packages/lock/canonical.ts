import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { LockError } from "./errors";
import { makeLock } from "./make";
import type { Lock, LockedProject } from "./types";

/** A value as canonical JSON (RFC 8785), on one line. */
function onOneLine(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new LockError(["it has no JSON form"], "It was not written.");
  return text;
}

const list = (items: readonly string[], indent: string): string =>
  `[\n${items.map((item) => `${indent}  ${item}`).join(",\n")}\n${indent}]`;

/** An npm project. Each line of its lock file is on a line of its own. */
function project({ text, ...rest }: LockedProject): string {
  const head = onOneLine(rest).slice(0, -1);
  return `${head},"text":${list(text.map(onOneLine), "    ")}}`;
}

/** A field of the lock. A list has each of its items on a line of its own. */
function field(name: string, value: unknown, items: readonly string[] | null): string {
  const isEmpty = items === null || items.length === 0;
  return `  "${name}": ${isEmpty ? onOneLine(value) : list(items, "  ")}`;
}

function itemsOf(name: string, value: unknown, lock: Lock): readonly string[] | null {
  if (name === "npmProjects") return (lock.npmProjects ?? []).map(project);
  return Array.isArray(value) ? value.map(onOneLine) : null;
}

/**
 * The text of a lock file: JSON with sorted keys, each package on one line, and a line end. So `git diff` of two locks is a
 * list of the packages that differ. What is on one line is canonical JSON (RFC 8785). The file contains exactly the UTF-8
 * bytes of this text, so equal locks are equal files on every machine.
 *
 * @throws {LockError} when the lock breaks the schema
 */
export function canonicalLock(lock: Lock): string {
  const made = makeLock(lock);
  const fields = Object.entries(made)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => field(name, value, itemsOf(name, value, made)));
  return `{\n${fields.join(",\n")}\n}\n`;
}

/** `sha256:` and the hex digest of a lock file's bytes. For a string these are its UTF-8 bytes. */
export function lockHash(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
