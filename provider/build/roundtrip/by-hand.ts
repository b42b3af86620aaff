import { basename, relative, sep } from "node:path";
import { lockedName, type ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { BuildPaths } from "../../store/paths";
import { byHandLines, withTopLines } from "../../recipe/pins/by-hand";
import type { LockedRecipe } from "../../recipe/pins/locked-recipe";
import { parseDockerfile } from "../../recipe/dockerfile/parse";

/** The text of a locked recipe, with lines at its top that say how to build it without this package. */
export function withByHand(
  { plan, paths, bases }: { plan: BuildPlan; paths: BuildPaths; bases: readonly ResolvedBase[] },
  locked: LockedRecipe,
): string {
  const { reference } = locked;
  const lines = byHandLines({
    file: basename(paths.locked),
    pins: reference === null ? null : { folder: basename(paths.pins), reference },
    local: bases.filter((base) => !lockedName(base).includes("@")),
    context: relative(paths.directory, plan.context).split(sep).join("/") || ".",
    tag: `${plan.name}:by-hand`,
    target: plan.target,
    platform: plan.platform,
    buildArgs: plan.revision === null ? plan.buildArgs : { ...plan.buildArgs, GIT_SHA: plan.revision },
    secrets: Object.keys(plan.secrets),
  });
  return withTopLines(parseDockerfile(locked.text), lines);
}
