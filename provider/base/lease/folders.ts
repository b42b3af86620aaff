import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a folder and those above it. Returns the topmost one that was not there, or null. */
export async function makeFolders(folder: string): Promise<string | null> {
  return (await mkdir(folder, { recursive: true })) ?? null;
}

/**
 * Removes a folder and those above it up to the topmost one that was made; one that has something in it stays,
 * and so do those above it.
 *
 * @param topmost null: none was made
 */
export async function removeEmptyFolders(folder: string, topmost: string | null): Promise<void> {
  if (topmost === null) return;
  for (let at = folder; at.length >= topmost.length; at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}
