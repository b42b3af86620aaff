import { withStatCache } from "../../recipe/context/cache-file";
import { contextExclusions } from "../../recipe/context/exclusions";
import { hashContext, type HashedEntry } from "../../recipe/context/hash";
import { effectiveIgnore } from "../../recipe/context/ignore-file";
import { withExclusions } from "../../recipe/context/ignore-text";
import { readPolicies, withEntries, type BuildPolicy } from "../../recipe/context/policies";
import { isLockName } from "../../recipe/dockerfile/unpinned/lock-files";
import { readRecipe, type Recipe } from "../../recipe/dockerfile/read";
import type { BuildPlan } from "../../inputs/image-inputs";
import { isFolder } from "../../inputs/named-contexts";
import { recipeSettings } from "../../inputs/recipe-settings";

/** No further lock files of a context are looked at. What they hold is then listed as unpinned. */
const MAXIMUM_LOCK_FILES = 2000;

/** A build context, as it was read. */
export interface Context {
  contextHash: string;
  /** What the hash is made from. */
  entries: readonly HashedEntry[];
  /** Ignore rules for the engine: the user's own, and one that leaves out the store's directory. */
  ignore: string;
  /** Whether these differ from the context's own .dockerignore, so that a build by hand needs them beside its recipe. */
  ignoreDiffers: boolean;
  /** The policy beside the recipe; null: there is none. */
  policy: BuildPolicy | null;
  /** The lock files of package managers, relative to the context. Ignored ones are not there. */
  lockFiles: string[];
}

/** A recipe and its context, as they were read. */
export type Source = Recipe & Context;

/** What decides about the content of a context. */
type ContextInputs = Pick<BuildPlan, "context" | "recipe" | "root"> &
  Partial<Pick<BuildPlan, "contexts" | "lock">>;

/** How recipes and contexts are read. */
export interface Reader {
  recipe: typeof readRecipe;
  context: typeof readContext;
}

/** Reads recipes and contexts from disk. */
export const FROM_DISK: Reader = { recipe: readRecipe, context: readContext };

/**
 * The context's hash and ignore rules. A store or a committed lock inside the context is never part of it. The hash covers the policies that are
 * in force for the build too.
 *
 * @throws {ContextError} when part of the context can't be read
 */
async function readContext(
  { context, recipe, root, contexts = {}, lock = null }: ContextInputs,
  signal?: AbortSignal,
): Promise<Context> {
  // A build writes both.
  const own = lock === null ? [root] : [root, lock];
  // What is hashed and what is sent follow the same rules, although the file with the rules may change.
  const rules = await effectiveIgnore({ context, recipe });
  const [hashed, excluded, policies, named] = await Promise.all([
    withStatCache({ context, recipe }, (cache) =>
      hashContext({ context, recipe, exclude: own, ignore: rules, signal, cache }),
    ),
    contextExclusions(context, own),
    readPolicies(recipe, process.env),
    namedContexts(contexts, signal),
  ]);
  const more = [...policies.entries, ...named];
  return {
    contextHash: withEntries(hashed.hash, more),
    entries: [...hashed.entries, ...more].sort((a, b) => (a.path < b.path ? -1 : 1)),
    policy: policies.build,
    ignore: withExclusions(rules.patterns, excluded),
    ignoreDiffers: excluded.length > 0 || rules.source === `${recipe}.dockerignore`,
    lockFiles: hashed.paths.filter(isLockName).slice(0, MAXIMUM_LOCK_FILES),
  };
}

/** What a context's hash has to cover of the named contexts: the files of folders, and what the others name. */
async function namedContexts(
  contexts: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<HashedEntry[]> {
  const found: HashedEntry[] = [];
  for (const [name, source] of Object.entries(contexts).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const mark = (text: string): Buffer => Buffer.from(`${JSON.stringify([name, text])}\n`);
    if (!isFolder(source)) {
      found.push({ path: `context ${name}`, frame: mark(source) });
      continue;
    }
    const ignore = await effectiveIgnore({ context: source, recipe: null });
    const { entries } = await withStatCache({ context: source, recipe: source }, (cache) =>
      hashContext({ context: source, recipe: source, exclude: [], ignore, signal, cache }),
    );
    found.push({ path: `context ${name}`, frame: mark("a folder") });
    for (const { path, frame } of entries)
      found.push({ path: `context ${name}: ${path}`, frame: Buffer.concat([mark(""), frame]) });
  }
  return found;
}

/**
 * Reads the recipe and the context of a build.
 *
 * @param known the recipe, if it was just read
 */
export async function readSource(
  { reader, signal }: { reader: Reader; signal?: AbortSignal },
  plan: BuildPlan,
  known: Recipe | null = null,
): Promise<Source> {
  const recipe = known ?? (await reader.recipe(plan.recipe, recipeSettings(plan)));
  return { ...recipe, ...(await reader.context(plan, signal)) };
}
