import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { canonicalLock, lockHash } from "../../packages/lock/canonical";
import { parseLock } from "../../packages/lock/parse";
import type { Lock, LockedPackage } from "../../packages/lock/types";
import { readPlain } from "../../store/read-plain";
import { LockFileError } from "./errors";

/** A committed lock, as it was read. */
export interface CommittedLock {
  lock: Lock;
  /** The hash of its bytes. */
  hash: string;
}

/**
 * Reads a committed lock; null: there is no such file.
 *
 * @throws {LockFileError} when it can't be read, is cut, was edited by hand, or has git's conflict marks
 */
export async function readCommittedLock(file: string): Promise<CommittedLock | null> {
  let text: string | null;
  let lock: Lock;
  try {
    text = await readPlain(file, "the lock");
    if (text === null) return null;
    lock = parseLock(text);
  } catch (error) {
    if (!(error instanceof VerifiedImagesError)) throw error;
    throw new LockFileError(`the lock ${file} can't be used: ${messageOf(error)}`, file);
  }
  const problem = twice(text) ?? double(lock) ?? edited(text, canonicalLock(lock));
  if (problem !== null) throw new LockFileError(`the lock ${file} can't be used: ${problem}`, file);
  return { lock, hash: lockHash(text) };
}

const KEEP_ONE = "keep one of the two, or restore the file from git";

/** A line that stands there twice, as after a merge. */
function twice(text: string): string | null {
  const seen = new Map<string, number>();
  for (const [at, line] of text.split("\n").entries()) {
    if (!/^ {4}\{.*"ecosystem":.*"version":/.test(line)) continue;
    const item = line.trim().replace(/,$/, "");
    const first = seen.get(item);
    if (first !== undefined) return `lines ${first} and ${at + 1} are the same package; ${KEEP_ONE}`;
    seen.set(item, at + 1);
  }
  return null;
}

/** Where a place can hold one version of a package only. */
const SINGLE: ReadonlySet<string> = new Set(["dpkg", "apk", "npm"]);

/** A package that stands there at two versions, which no file system can hold. */
function double({ packages }: Lock): string | null {
  const seen = new Map<string, LockedPackage>();
  for (const item of packages) {
    const { ecosystem, name, arch = "", root = "", stage = "", transient, version } = item;
    if (transient === true || !SINGLE.has(ecosystem)) continue;
    const key = JSON.stringify([ecosystem, name, arch, root, stage]);
    const other = seen.get(key);
    if (other !== undefined)
      return `it has ${ecosystem}:${name} twice (${other.version} and ${version}); ${KEEP_ONE}`;
    seen.set(key, item);
  }
  return null;
}

function edited(text: string, written: string): string | null {
  if (text === written) return null;
  if (text.replaceAll("\r\n", "\n") === written)
    return "its lines end as on Windows; let git keep them, with the line `*.lock -text` in .gitattributes";
  const expected = written.split("\n");
  const line = text.split("\n").findIndex((one, at) => one !== expected[at]) + 1;
  return (
    `line ${line === 0 ? expected.length : line} is not as this package writes it, so it was edited by hand; ` +
    "restore the file from git, and renew packages with `verified-images lock <name> --update <package>`"
  );
}
