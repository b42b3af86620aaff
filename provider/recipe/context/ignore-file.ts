import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { unreadable } from "./errors";

export interface EffectiveIgnore {
  /** Path of the file that has the rules; null if there is none. */
  source: string | null;
  /** The file's text, unchanged; empty if there is none. */
  patterns: string;
}

/** Longest ignore file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * The ignore rules that Docker uses for this context and recipe. They are in `<recipe>.dockerignore` beside the recipe,
 * also if that is empty. If it does not exist, they are in `.dockerignore` at the context's root. There may be none.
 *
 * @throws {ContextError} (`context-unreadable`) when the file exists but can't be read, is not a regular file, or has
 *   more than 1 MiB
 */
export async function effectiveIgnore(build: { context: string; recipe: string }): Promise<EffectiveIgnore> {
  for (const source of [`${build.recipe}.dockerignore`, join(build.context, ".dockerignore")]) {
    const patterns = await readIfThere(source);
    if (patterns !== null) return { source, patterns };
  }
  return { source: null, patterns: "" };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new Error("it is not a regular file");
    if (facts.size > MAX_BYTES) throw new Error(`it has ${facts.size} bytes, the limit is ${MAX_BYTES}`);
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(path, error);
  }
}
