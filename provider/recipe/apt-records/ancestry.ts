import type { RecipeSettings } from "../dockerfile/global-arguments";
import { sourceStage, stageBases, stageSources } from "../dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../dockerfile/types";

/**
 * The stages whose packages a stage can have, oldest first, the stage itself last. These are the stages that its FROM
 * leads to. If that ends in `scratch`, no base image brought packages, so the stages that it copies from are included.
 */
export function ancestry(parsed: ParsedDockerfile, settings: RecipeSettings, index: number): number[] {
  const bases = stageBases(parsed, settings);
  const line = (at: number): number[] => {
    const base = bases[at];
    if (base?.kind === "stage") return [...line(base.index), at];
    if (base?.kind !== "scratch") return [at];
    const copied = stageSources(parsed.stages[at] as Stage)
      .map((source) => sourceStage(parsed, source))
      .filter((source) => source !== null && source < at);
    return [...copied.flatMap((source) => (source === null ? [] : line(source))), at];
  };
  return [...new Set(line(index))];
}
