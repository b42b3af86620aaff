import { basename, relative, sep } from "node:path";
import { hasCredential } from "../../base/words/credentials";
import { lockedName, type ResolvedBase } from "../../engines/pin-base";
import type { BuildPlan } from "../../inputs/image-inputs";
import { builderContexts, mapFolders } from "../../inputs/named-contexts";
import { NO_SECRET_INPUTS } from "../../inputs/secret-inputs";
import type { BuildPaths } from "../../store/paths";
import { byHandLines, withTopLines } from "../../recipe/pins/by-hand";
import type { LockedRecipe } from "../../recipe/pins/locked-recipe";
import { parseDockerfile } from "../../recipe/dockerfile/parse";

/** Stands for a value that is a secret, or looks like one. */
const VALUE_OF_SECRET = "VALUE-OF-THE-SECRET";

/** The text of a locked recipe, with lines at its top that say how to build it without this package. */
export function withByHand(
  { plan, paths, bases }: { plan: BuildPlan; paths: BuildPaths; bases: readonly ResolvedBase[] },
  locked: LockedRecipe,
): string {
  const { reference } = locked;
  const { buildArgs: secret } = plan.secretInputs ?? NO_SECRET_INPUTS;
  const given = Object.entries(plan.buildArgs).map(([name, value]): [string, string] => {
    const isSecret = secret.includes(name) || hasCredential(`${name}=${value}`) || hasCredential(value);
    return [name, isSecret ? VALUE_OF_SECRET : value];
  });
  const buildArgs = Object.fromEntries(given);
  const fromHere = (path: string): string => relative(paths.directory, path).split(sep).join("/") || ".";
  const lines = byHandLines({
    file: basename(paths.locked),
    pins: reference === null ? null : { folder: basename(paths.pins), reference },
    local: bases.filter((base) => !lockedName(base).includes("@")),
    context: fromHere(plan.context),
    tag: `${plan.name}:by-hand`,
    target: plan.target,
    platform: plan.platform,
    contexts: mapFolders(builderContexts(plan.contexts), fromHere),
    buildArgs: plan.revision === null ? buildArgs : { ...buildArgs, GIT_SHA: plan.revision },
    secrets: Object.keys(plan.secrets),
  });
  return withTopLines(parseDockerfile(locked.text), lines);
}
