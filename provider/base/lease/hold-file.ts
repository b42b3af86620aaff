import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { forgetAtExit } from "./at-exit";
import { holderState, parseHolder } from "./holder";
import type { Holder } from "./holder-words";

/** A hold as found. */
export interface FoundHold {
  /** null when the file does not say: it is just being written, or damaged. */
  holder: Holder | null;
  /** Moves on for as long as the holder lives. */
  touchedMs: number;
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Makes the file, exclusively. False when somebody has made it before, or its folder is gone. */
export async function place(file: string, holder: Holder): Promise<boolean> {
  const handle = await open(file, "wx", 0o644).catch((error: unknown) => {
    if (codeOf(error) === "EEXIST" || codeOf(error) === "ENOENT") return null;
    throw error;
  });
  if (handle === null) return false;
  try {
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return true;
}

/** Reads a hold; null when there is none. */
export async function readHold(file: string): Promise<FoundHold | null> {
  try {
    const text = await readFile(file, "utf8");
    return { holder: parseHolder(text), touchedMs: (await stat(file)).mtimeMs };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Takes one's own hold away. What can't be removed now ends with this process. */
export async function letGo(file: string, own: Holder): Promise<void> {
  const found = await readHold(file).catch(() => null);
  if (found?.holder?.token === own.token) await rm(file, { force: true }).catch(() => undefined);
  forgetAtExit(file, own);
}

/** Shows that the holder lives. */
export async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now);
}

/**
 * Takes a dead hold away, and never another one that has come in its place: who wants to remove a hold holds a
 * file named after its token first, and looks again. What a crash leaves of that file is dead in turn, and is
 * removed the same way.
 *
 * @param found the hold as it was when it was found dead
 * @returns whether it is gone; false when somebody else is at it
 */
export async function removeDead(file: string, found: FoundHold, own: Holder): Promise<boolean> {
  const guard = `${file}.${found.holder?.token ?? "damaged"}`;
  if (!(await place(guard, own))) {
    const other = await readHold(guard);
    const holder = other?.holder ?? null;
    if (other === null || holder === null || (await holderState(holder, own)) !== "dead") return false;
    if (!(await removeDead(guard, other, own)) || !(await place(guard, own))) return false;
  }
  try {
    const now = await readHold(file);
    const same = now?.holder?.token === found.holder?.token && now?.touchedMs === found.touchedMs;
    if (same) await rm(file, { force: true });
    return same || now === null;
  } finally {
    await rm(guard, { force: true });
  }
}
