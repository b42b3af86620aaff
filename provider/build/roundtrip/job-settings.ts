import { lockedName, type ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import { recipeSettings } from "../../inputs/recipe-settings";
import type { RecipeSettings } from "../../recipe/dockerfile/global-arguments";

/**
 * The settings on which the meaning of a recipe depends, with what its base images bring along. A base has the same ONBUILD
 * instructions under the name that the locked recipe gives it.
 */
export function jobSettings(plan: BuildPlan, bases: readonly ResolvedBase[]): RecipeSettings {
  const triggers = bases.flatMap((base) =>
    [base.reference, lockedName(base)].map((name) => [name, base.onbuild ?? []] as const),
  );
  return { ...recipeSettings(plan), triggers: new Map(triggers) };
}
