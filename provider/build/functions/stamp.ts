import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { awayWords, headsOf, lookAt, movedWords, sightingOf, type Sighting } from "../../base/git/still";
import { REVISION_LABEL } from "../../base/revision/verdict";
import type { BuildPlan } from "../../inputs/image-inputs";

/** The revision that an image is stamped with; null: none. */
export const stampOf = ({ revision, labels }: Pick<BuildPlan, "revision" | "labels">): string | null =>
  revision ?? labels[REVISION_LABEL] ?? null;

/** Where a build reads. `root` is the store, which it does not see; null: there is none. */
type Places = Pick<BuildPlan, "context" | "recipe"> & { root: string | null };

const isIn = (folder: string, path: string): boolean => {
  const inside = relative(folder, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
};

/** Whether a build can see a file or a submodule: it is in the context and not in the store, or is the recipe. */
export function buildSees({ context, recipe, root }: Places, path: string): boolean {
  if (path === recipe || path === `${recipe}.dockerignore`) return true;
  return (isIn(context, path) && (root === null || !isIn(root, path))) || isIn(path, context);
}

/** The same places without symbolic links, as git names them. */
async function realPlaces({ context, recipe, root }: Places): Promise<Places> {
  const real = async (path: string): Promise<string> => await realpath(path).catch(() => path);
  return {
    context: await real(context),
    recipe: await real(recipe),
    root: root === null ? null : await real(root),
  };
}

/**
 * A question for after the build: whether the work tree that the revision was read from is still the same. Undefined where
 * there is none to ask.
 *
 * @param readFrom the work tree when the revision was read. If it is not known where the revision is from, the context's
 *   work tree counts, provided that it is at the revision now
 */
export async function movedSince(
  plan: Places & { revision: string | null } & Pick<BuildPlan, "timeouts">,
  readFrom: Sighting | null,
): Promise<(() => Promise<string | null>) | undefined> {
  if (plan.revision === null) return undefined;
  const { git: seconds } = plan.timeouts;
  const before = readFrom?.head === plan.revision ? readFrom : await sightingOf(plan.context, seconds);
  if (before?.head !== plan.revision) return undefined;
  const heads = await headsOf(before.worktree, seconds);
  return async () => {
    const now = await lookAt(before.worktree, seconds);
    const places = await realPlaces(plan);
    const moved = movedWords(before, now, (top, path) => buildSees(places, join(top, path)));
    return moved ?? awayWords(before, heads, await headsOf(before.worktree, seconds));
  };
}
