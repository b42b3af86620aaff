import { canonicalLock, lockHash } from "../../packages/lock/canonical";
import type { Lock } from "../../packages/lock/types";
import { hashOfFile } from "../../store/verification";
import { writeAtomic } from "../../store/write";
import { LockFileError } from "./errors";

/**
 * Writes a committed lock, the whole file or nothing.
 *
 * @param before the hash of the file that was read; null: there was none
 * @returns whether the file is another one than before
 * @throws {LockFileError} when somebody else has changed it meanwhile
 */
export async function writeCommittedLock(file: string, lock: Lock, before: string | null): Promise<boolean> {
  const bytes = canonicalLock(lock);
  const now = await hashOfFile(file);
  if (now === lockHash(bytes)) return false;
  if (now !== before)
    throw new LockFileError(
      `the lock ${file} was changed by somebody else meanwhile, so it was not written; try again`,
      file,
    );
  await writeAtomic(file, bytes);
  return true;
}
