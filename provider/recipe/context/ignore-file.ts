import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { unreadable } from "./errors";

/** The ignore rules that hold for one build. */
export interface EffectiveIgnore {
  /** Path of the file they come from; null where there is none. */
  source: string | null;
  /** The file's text as it stands; empty where there is none. */
  patterns: string;
}

/** Most bytes of an ignore file. */
const MAX_BYTES = 1024 * 1024;

/**
 * The ignore rules that Docker takes for this context and recipe: those of `<recipe>.dockerignore` beside the
 * recipe, even when that is empty; else those of `.dockerignore` at the context's root; else none.
 *
 * @throws ContextError (`context-unreadable`) when the file is there but can't be read, isn't a regular file,
 *   or has more than 1 MiB.
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
