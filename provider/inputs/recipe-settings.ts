import type { RecipeSettings } from "../recipe/dockerfile/global-arguments";
import { builderContexts } from "./named-contexts";
import type { BuildPlan } from "./image-inputs";

const ARCHITECTURES: Record<string, string> = { x64: "amd64", arm64: "arm64", arm: "arm/v7", ia32: "386" };

/** The platform that the engine builds for by default: Linux, on the architecture of this machine. */
export function defaultPlatform(architecture: string = process.arch): string {
  return `linux/${ARCHITECTURES[architecture] ?? architecture}`;
}

/** The settings that decide how a recipe's variables expand and which of its stages are built. */
export function recipeSettings(
  plan: Pick<BuildPlan, "target" | "buildArgs" | "platform" | "contexts">,
): RecipeSettings {
  const { target, buildArgs, platform } = plan;
  return {
    ...{ target, buildArgs },
    platform: platform ?? defaultPlatform(),
    buildPlatform: defaultPlatform(),
    contexts: Object.keys(builderContexts(plan.contexts)),
  };
}
