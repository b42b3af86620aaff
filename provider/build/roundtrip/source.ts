import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { contextExclusions } from "../../recipe/context/exclusions";
import { withStatCache } from "../../recipe/context/cache-file";
import { hashContext } from "../../recipe/context/hash";
import { effectiveIgnore } from "../../recipe/context/ignore-file";
import { withExclusions } from "../../recipe/context/ignore-text";
import { externalImages } from "../../recipe/dockerfile/bases";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import type { BuildPlan } from "../../inputs/image-inputs";
import { recipeSettings } from "../../inputs/recipe-settings";

/** A recipe and its context, read at one moment. */
export interface Source {
  recipe: string;
  parsed: ParsedDockerfile;
  recipeHash: string;
  contextHash: string;
  /** Ignore rules for the engine: the user's own, and the store's directory. */
  ignore: string;
  /** External images the target needs, variables expanded. */
  references: string[];
}

/** `sha256:` and hex of a recipe's bytes. */
export function hashRecipe(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The context's hash and ignore rules; the store below the context is never part of it. */
export async function readContext(
  plan: Pick<BuildPlan, "context" | "recipe" | "root">,
  signal?: AbortSignal,
): Promise<{ contextHash: string; ignore: string }> {
  const { context, recipe, root } = plan;
  const [hashed, rules, excluded] = await Promise.all([
    withStatCache({ context, recipe }, (cache) =>
      hashContext({ context, recipe, exclude: [root], signal, cache }),
    ),
    effectiveIgnore({ context, recipe }),
    contextExclusions(context, [root]),
  ]);
  return { contextHash: hashed.hash, ignore: withExclusions(rules.patterns, excluded) };
}

/**
 * Reads everything that a build is made from.
 *
 * @throws {RecipeError} when the recipe is no Dockerfile
 * @throws {ContextError} when part of the context can't be read
 */
export async function readSource(plan: BuildPlan, signal?: AbortSignal): Promise<Source> {
  const recipe = await readFile(plan.recipe, "utf8");
  const parsed = parseDockerfile(recipe);
  const images = externalImages(parsed, recipeSettings(plan));
  const context = await readContext(plan, signal);
  return {
    recipe,
    parsed,
    recipeHash: hashRecipe(recipe),
    ...context,
    references: images.map((image) => image.reference),
  };
}
