import { readFile } from "node:fs/promises";
import type { BuildPlan } from "../../inputs/image-inputs";
import { parseDefinition } from "../../recipe/definition/parse";
import type { ParsedDefinition } from "../../recipe/definition/types";
import { hashRecipe } from "../../recipe/dockerfile/read";
import type { Context } from "../roundtrip/source";
import type { SifEffects } from "./effects";

/** A definition and its context, as they were read. */
export interface SifSource extends Context {
  text: string;
  parsed: ParsedDefinition;
  recipeHash: string;
}

/** The build arguments of a plan, with the revision. Of the revision only what the definition uses is given. */
export function buildArguments(
  plan: BuildPlan,
  { consumed }: Pick<ParsedDefinition, "consumed">,
): Record<string, string> {
  return plan.revision !== null && consumed.includes("GIT_SHA")
    ? { ...plan.buildArgs, GIT_SHA: plan.revision }
    : plan.buildArgs;
}

/** Reads a definition with the values of a plan. */
export function parseWith(plan: Pick<BuildPlan, "buildArgs" | "revision">, text: string): ParsedDefinition {
  const { buildArgs, revision } = plan;
  return parseDefinition(text, revision === null ? buildArgs : { ...buildArgs, GIT_SHA: revision });
}

/** Reads the definition and the context of a build. */
export async function readSifSource({ reader, signal }: SifEffects, plan: BuildPlan): Promise<SifSource> {
  const text = await readFile(plan.recipe, "utf8");
  const context = await reader.context(plan, signal);
  return { ...context, text, parsed: parseWith(plan, text), recipeHash: hashRecipe(text) };
}
