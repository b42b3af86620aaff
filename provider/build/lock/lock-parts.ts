import type { LockedBuild, LockedProject, LockedReplacement } from "../../packages/lock/types";
import { hashInstructions } from "../../recipe/dockerfile/instruction-hashes";
import type { RecipeSettings } from "../../recipe/dockerfile/global-arguments";
import { targetStage } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import { stageLabel, type PinnedNpmProject } from "../../recipe/pins/pinned-stage";
import type { ReplacedInRun } from "../../recipe/pins/replaced";

interface InRecipe {
  parsed: ParsedDockerfile;
  settings: RecipeSettings;
}

/** What a build adds to its lock, so that it can be built from that. */
export interface BuildFacts extends InRecipe {
  platform: string;
  npmProjects: readonly PinnedNpmProject[];
  replaced: readonly ReplacedInRun[];
  incomplete: readonly string[];
  unordered: readonly string[];
}

/** The part of a lock from which an image can be built. Stages have the names that packages give them. */
export function lockedBuildOf(facts: BuildFacts): LockedBuild {
  const { parsed, settings, platform } = facts;
  const final = targetStage(parsed, settings.target);
  const inStage = (index: number): { stage?: string } =>
    index === final ? {} : { stage: stageLabel(parsed.stages[index] as Stage) };
  const { target } = settings;
  return {
    recipe: hashInstructions(parsed),
    ...(target === null || target === undefined ? {} : { target }),
    platform,
    npmProjects: facts.npmProjects.map(({ stage, root, run, lock }): LockedProject => ({
      ...{ root, text: lock.split("\n") },
      ...inStage(stage),
      ...(run === undefined ? {} : { run }),
    })),
    replaced: facts.replaced.map(({ stage, run, name, versions }): LockedReplacement => ({
      ...{ run, name, versions: [...versions] },
      ...inStage(stage),
    })),
    incomplete: [...facts.incomplete],
    unordered: [...facts.unordered],
  };
}

/** What a lock says of single stages, by their number in a recipe. What is about a stage that it lacks is left out. */
export function stageFacts(
  { npmProjects, replaced }: Pick<LockedBuild, "npmProjects" | "replaced">,
  { parsed, settings }: InRecipe,
): { npmProjects: PinnedNpmProject[]; replaced: ReplacedInRun[] } {
  const final = targetStage(parsed, settings.target);
  const numberOf = (label: string | undefined): number =>
    label === undefined
      ? final
      : parsed.stages.findIndex((stage) => stage.index !== final && stageLabel(stage) === label);
  return {
    npmProjects: npmProjects
      .map(({ stage, root, run, text }) => ({
        ...{ stage: numberOf(stage), root, lock: text.join("\n") },
        ...(run === undefined ? {} : { run }),
      }))
      .filter(({ stage }) => stage !== -1),
    replaced: replaced
      .map(({ stage, run, name, versions }) => ({ stage: numberOf(stage), run, name, versions }))
      .filter(({ stage }) => stage !== -1),
  };
}
