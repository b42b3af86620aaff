import { ContextError } from "../../recipe/context/errors";
import { changedPaths } from "../../recipe/context/changed-paths";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { Effects } from "./effects";
import type { Context } from "./source";

/** How many changed files are named. */
const NAMED = 3;

/**
 * Reads the context once more, after a build. Docker reads it some time after it was hashed, so a file that was written
 * meanwhile may be in the image.
 *
 * @returns what has changed, in words: `src/app.py and more`; null: nothing has
 */
export async function changedSince(
  { reader, signal }: Pick<Effects, "reader" | "signal">,
  plan: BuildPlan,
  before: Context,
): Promise<string | null> {
  try {
    const now = await reader.context(plan, signal);
    if (now.contextHash === before.contextHash) return null;
    const paths = changedPaths(before.entries, now.entries, NAMED + 1).map((path) => JSON.stringify(path));
    return paths.slice(0, NAMED).join(", ") + (paths.length > NAMED ? " and more" : "");
  } catch (error) {
    if (!(error instanceof ContextError)) throw error;
    return error.path;
  }
}

/** The sentence about a context that changed while a rebuild ran. */
export const changedWhileRebuilt = (context: string, what: string): string =>
  `the build context ${context} changed while the rebuild ran (${what}), so the rebuild proves nothing; stop what ` +
  "writes there, or list it in .dockerignore, and try again";

/** The sentence about a context that changed while a build ran. */
export const changedWhileBuilt = (context: string, what: string): string =>
  `the build context ${context} changed while the image was built (${what}), so it is not known which files are in ` +
  "the image; stop what writes there, or list it in .dockerignore, and build again";
