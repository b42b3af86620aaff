import { globalArguments, type RecipeSettings } from "./global-arguments";
import { stageBases } from "./stages";
import type { Instruction, ParsedDockerfile } from "./types";

/**
 * For every RUN of a recipe, the variables that take precedence over an ARG right after its stage's FROM. These are the
 * ones that the stage has set before it (ENV, or an ARG with a value), and every ENV that it inherits from a stage or
 * its base image. An inherited ARG does not take precedence. ONBUILD is not followed.
 *
 * @param ofImage the names of the variables that an external image sets
 */
export function ownVariables(
  parsed: ParsedDockerfile,
  settings: RecipeSettings,
  ofImage: (reference: string) => readonly string[],
): Map<Instruction, ReadonlySet<string>> {
  const given = new Set([
    ...Object.keys(settings.buildArgs ?? {}),
    ...globalArguments(parsed, settings).keys(),
  ]);
  const found = new Map<Instruction, ReadonlySet<string>>();
  const environments: Set<string>[] = [];
  for (const [index, base] of stageBases(parsed, settings).entries()) {
    const inherited = base.kind === "stage" ? environments[base.index] : undefined;
    const env = new Set(base.kind === "image" ? ofImage(base.reference) : inherited);
    const args = new Set<string>();
    for (const instruction of parsed.stages[index]?.instructions ?? []) {
      if (instruction.onbuild) continue;
      if (instruction.keyword === "RUN") found.set(instruction, new Set([...env, ...args]));
      if (instruction.keyword !== "ARG" && instruction.keyword !== "ENV") continue;
      for (const { name, value } of instruction.assignments) {
        if (instruction.keyword === "ENV") env.add(name);
        else if (value !== null || given.has(name)) args.add(name);
      }
    }
    environments.push(env);
  }
  return found;
}
