import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { readIfThere } from "../../base/read-if-there";
import { ContextError, unreadable } from "./errors";
import { realpathOfMissing } from "./exclusions";

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
 *   more than 1 MiB; (`context-ignore-invalid`) when it is a link that leads out of the context
 */
export async function effectiveIgnore(build: {
  context: string;
  /** null: the context belongs to no recipe. */
  recipe: string | null;
}): Promise<EffectiveIgnore> {
  const own = build.recipe === null ? [] : [`${build.recipe}.dockerignore`];
  for (const source of [...own, join(build.context, ".dockerignore")]) {
    await assertInside(source, build.context);
    const patterns = await rulesIn(source);
    if (patterns !== null) return { source, patterns };
  }
  return { source: null, patterns: "" };
}

async function rulesIn(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new Error("it is not a regular file");
    if (facts.size > MAX_BYTES) throw new Error(`it has ${facts.size} bytes, the limit is ${MAX_BYTES}`);
    return await readIfThere(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(path, error);
  }
}

/**
 * Refuses an ignore file that is a link to outside the context. What is sent would depend on a file of this machine, and
 * builders differ in whether they follow such a link.
 */
async function assertInside(path: string, context: string): Promise<void> {
  const facts = await lstat(path).catch(() => null);
  if (facts?.isSymbolicLink() !== true) return;
  const [target, root] = await Promise.all([followed(path), realpath(context)]).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (target.startsWith(root === sep ? sep : root + sep)) return;
  throw new ContextError(
    "context-ignore-invalid",
    path,
    `The ignore file ${path} is a link to ${target}, which is outside the build context ${context}. ` +
      "Replace the link with a file, or let it point to a file inside the context.",
  );
}

/** Where a link leads, also if nothing is there. */
async function followed(path: string): Promise<string> {
  return await realpath(path).catch(async (error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return await realpathOfMissing(resolve(await realpath(dirname(path)), await readlink(path)));
  });
}
