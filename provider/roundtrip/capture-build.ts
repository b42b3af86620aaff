import { isEmptyCapture, captureProblems } from "../capture/judge";
import type { Capture } from "../capture/types";
import { neededStages, targetStage } from "../dockerfile/stages";
import { parseDockerfile } from "../dockerfile/parse";
import type { Stage } from "../dockerfile/types";
import { throwawayReference } from "../engine/leftovers";
import { VerifiedImagesError } from "../errors/base";
import { recipeSettings } from "../inputs/recipe-settings";
import type { LockedPackage, PackageSource } from "../lock/types";
import { PIN_STAGE, stageLabel, type PinnedNpmProject } from "../pins/pinned-stage";
import type { Effects } from "./effects";
import { shiftTarget, type BuildJob, type OpenBuild } from "./run-build";

/** What is installed can't be told; so nothing can be verified. */
export class CaptureFailedError extends VerifiedImagesError {
  constructor(where: string, problems: readonly string[]) {
    super("capture-failed", `what is installed in ${where} can't be told: ${problems.join("; ")}`);
  }
}

/** What one build installed, in its result and in the stages before it. */
export interface BuildCapture {
  packages: LockedPackage[];
  sources: PackageSource[];
  npmProjects: PinnedNpmProject[];
  /** true when there was no package at all, and files are compared instead. */
  byFiles: boolean;
}

/**
 * Stages other than the result that install something; the helper stage of a locked recipe is none of them.
 * Pure.
 */
export function installingStages(job: Pick<BuildJob, "plan" | "recipe" | "shift">): {
  stages: Stage[];
  final: Stage;
} {
  const parsed = parseDockerfile(job.recipe);
  const settings = recipeSettings({ ...job.plan, target: shiftTarget(job.plan.target, job.shift) });
  const final = parsed.stages[targetStage(parsed, settings.target)] as Stage;
  const stages = neededStages(parsed, settings)
    .map((index) => parsed.stages[index] as Stage)
    .filter((stage) => stage !== final && stage.name !== PIN_STAGE)
    .filter((stage) => stage.instructions.some((item) => item.keyword === "RUN" && !item.onbuild));
  return { stages, final };
}

function assertReadable(capture: Capture, where: string): void {
  const problems = captureProblems(capture);
  if (problems.length > 0) throw new CaptureFailedError(where, problems);
}

const identity = (item: LockedPackage): string =>
  JSON.stringify([item.ecosystem, item.name, item.version, item.arch ?? "", item.root ?? ""]);

/**
 * Captures an image and the stages that it was built from. What only a stage has carries the stage's name.
 *
 * @param open the still open build of the image: its stages come out of the layers just made
 */
export async function captureBuild(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  imageId: string,
): Promise<BuildCapture> {
  const { engine, signal } = effects;
  const { stages, final } = installingStages(job);
  const capture = await engine.capture(imageId, signal);
  assertReadable(capture, "the image");
  const byFiles = isEmptyCapture(capture);
  const packages: LockedPackage[] = byFiles ? await engine.manifest(imageId, signal) : [...capture.packages];
  if (packages.length === 0) {
    throw new CaptureFailedError("the image", ["it has no file at all, so there is nothing to compare"]);
  }
  const npmProjects = capture.npmProjects.map((project) => ({ stage: final.index, ...project }));
  const sources = [...capture.sources];
  const known = new Set(packages.map(identity));
  for (const stage of stages) {
    const label = stageLabel(stage, job.shift);
    const tag = throwawayReference(`${job.plan.layer}-stage-${stage.index}`);
    try {
      const facts = await open.build(tag, stage.name ?? String(stage.index), true);
      const found = await engine.capture(facts.id, signal);
      assertReadable(found, `the build stage ${label}`);
      for (const item of found.packages) {
        if (!known.has(identity(item))) packages.push({ ...item, stage: label });
      }
      npmProjects.push(...found.npmProjects.map((project) => ({ stage: stage.index, ...project })));
      sources.push(...found.sources);
    } finally {
      await engine.remove(tag);
    }
  }
  return { packages, sources, npmProjects, byFiles };
}
