import { ancestry } from "../../recipe/apt-records/ancestry";
import { withRecords, type SeenStage } from "../../recipe/apt-records/with-records";
import type { StageRecords } from "../../recipe/apt-records/stage-records";
import { type NotCaptured, notCapturedLines } from "../../packages/capture/outside/not-captured";
import { isEmptyCapture, captureProblems } from "../../packages/capture/judge";
import type { Capture } from "../../packages/capture/types";
import {
  neededStages,
  runsAnything,
  stageBases,
  targetStage,
  triggeredInstructions,
  triggersOfBase,
} from "../../recipe/dockerfile/stages";
import type { RecipeSettings } from "../../recipe/dockerfile/global-arguments";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import { thenCleanUp } from "../../base/process/clean-up";
import { throwawayReference } from "../../base/process/leftovers";
import { VerifiedImagesError } from "../../base/errors/base";
import type { LockedPackage, PackageSource } from "../../packages/lock/types";
import { stageLabel, type PinnedNpmProject } from "../../recipe/pins/pinned-stage";
import type { ImageFacts } from "../../engines/engine";
import { runsToOrder } from "../../recipe/pins/runs-to-order";
import { superseded } from "../../recipe/pins/superseded";
import { checkpoints } from "./checkpoints";
import { jobSettings } from "./job-settings";
import type { Effects } from "./effects";
import type { BuildJob, OpenBuild } from "./run-build";

/** It is not known what is installed, so nothing can be verified. */
export class CaptureFailedError extends VerifiedImagesError {
  constructor(where: string, problems: readonly string[]) {
    super("capture-failed", `what is installed in ${where} can't be told: ${problems.join("; ")}`);
  }
}

/** What one stage has, by its index in the recipe's text. */
export interface StageFindings {
  index: number;
  packages: readonly LockedPackage[];
  own: StageRecords | undefined;
}

/** What one build installed, in the image and in its other stages. */
export interface BuildCapture {
  packages: LockedPackage[];
  /** Stages whose list of transient packages may lack some, because part of the build's log is missing. */
  incomplete: string[];
  /**
   * Stages of which it can't be told what stood after each RUN. Their RUNs are all bound to what the stage has at its end.
   */
  unordered: string[];
  sources: PackageSource[];
  npmProjects: PinnedNpmProject[];
  /** The packages of each stage, and what apt reported in it. */
  stages: StageFindings[];
  /** What is there and was not read, as lines for people. */
  notCaptured: string[];
  /** true when there was no package at all, and files are compared instead. */
  byFiles: boolean;
}

/**
 * Stages other than the final one that run something, be it under ONBUILD of their base, and so may install packages.
 */
export function installingStages(job: Pick<BuildJob, "plan" | "recipe" | "bases">): {
  parsed: ParsedDockerfile;
  settings: RecipeSettings;
  stages: Stage[];
  final: Stage;
} {
  const { recipe: parsed } = job;
  const settings = jobSettings(job.plan, job.bases);
  const final = parsed.stages[targetStage(parsed, settings.target)] as Stage;
  const bases = stageBases(parsed, settings);
  const stages = neededStages(parsed, settings)
    .map((index) => parsed.stages[index] as Stage)
    .filter((stage) => stage !== final)
    .filter(
      (stage) =>
        runsAnything(stage) ||
        triggeredInstructions(parsed, bases, stage.index).some(({ keyword }) => keyword === "RUN") ||
        triggersOfBase(bases[stage.index], settings).some((text) => /^\s*RUN\s/i.test(text)),
    );
  return { parsed, settings, stages, final };
}

/** Whether there is more to read than the file system that a build leads to: other stages, or states between its RUNs. */
export function readsMore(job: Pick<BuildJob, "plan" | "recipe" | "bases">): boolean {
  const { parsed, stages, final } = installingStages(job);
  return stages.length > 0 || runsToOrder(parsed, final).length > 0;
}

function assertReadable(capture: Capture, where: string): void {
  const problems = captureProblems(capture);
  if (problems.length > 0) throw new CaptureFailedError(where, problems);
}

/** What a build has put into a file system, as an image of the engine or as it came from the builder. */
export interface Built {
  capture: Capture;
  /** The list of all files. */
  files(): Promise<LockedPackage[]>;
  /** The image; null: there is none, and the stage has no RUNs to put in order. */
  image: ImageFacts | null;
}

/** Captures an image on the engine. */
export async function builtImage({ engine, signal }: Effects, image: ImageFacts): Promise<Built> {
  const capture = await engine.capture(image.id, signal);
  return { capture, files: () => engine.manifest(image.id, signal), image };
}

/**
 * Builds one stage and captures it. An image is only made, and removed again, where the stage has RUNs to put in order: their
 * states are recognised by the image's layers.
 *
 * @param tag for the image, if one has to be made; the caller removes it
 * @param stage null: the image's own
 */
export async function buildAndCapture(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  { tag, stage, cache }: { tag: string; stage: Stage | null; cache: boolean },
): Promise<Built> {
  const { parsed, final } = installingStages(job);
  const target = stage === null ? null : (stage.name ?? String(stage.index));
  if (runsToOrder(parsed, stage ?? final).length > 0)
    return await builtImage(effects, await open.build(tag, target, cache));
  const capture = await open.capture(target, cache);
  return { capture, files: () => open.manifest(target), image: null };
}

/**
 * Captures the stages that something was built from, besides the file system that it led to. A package that is only in a
 * stage carries the stage's name. A package that apt installed and removed again is transient.
 *
 * @param open the build, still open: its stages are taken from the layers that were just made
 */
export async function captureBuild(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  built: Built,
): Promise<BuildCapture> {
  const { engine } = effects;
  const { parsed, settings, stages, final } = installingStages(job);
  const { capture } = built;
  assertReadable(capture, "the image");
  const byFiles = isEmptyCapture(capture);
  // Programs that list their modules may be all that the image has.
  const files = byFiles ? await built.files() : [];
  const packages = [...capture.packages, ...files];
  if (packages.length === 0) {
    throw new CaptureFailedError("the image", ["it has no file at all, so there is nothing to compare"]);
  }
  const npmProjects: PinnedNpmProject[] = [];
  const sources = [...capture.sources];
  // All that an image has is compared if its files are.
  const outside: NotCaptured[] = byFiles ? [] : [...capture.notCaptured];
  const inStages: { stage: Stage; packages: LockedPackage[] }[] = [];
  const replaced = new Map<Stage, readonly LockedPackage[]>();
  const unordered: string[] = [];
  const order = async (stage: Stage, label: string | null, end: Capture, image: ImageFacts | null) => {
    const runs = runsToOrder(parsed, stage);
    const seen = runs.length === 0 ? [] : await checkpoints(effects, job, open, { stage, runs, image });
    const { packages: gone, npmProjects: projects } = superseded(seen ?? [], end);
    if (seen === null) unordered.push(label ?? "");
    replaced.set(stage, gone);
    npmProjects.push(...[...end.npmProjects, ...projects].map((item) => ({ stage: stage.index, ...item })));
  };
  await order(final, null, capture, built.image);
  for (const stage of stages) {
    const label = stageLabel(stage);
    const tag = throwawayReference(`${job.plan.name}-stage-${stage.index}`);
    const work = async (): Promise<void> => {
      const { capture: found, image } = await buildAndCapture(effects, job, open, {
        tag,
        stage,
        cache: true,
      });
      assertReadable(found, `the build stage ${label}`);
      inStages.push({ stage, packages: found.packages });
      await order(stage, label, found, image);
      sources.push(...found.sources);
      outside.push(...found.notCaptured.map((item) => ({ ...item, stage: label })));
    };
    await thenCleanUp(work, async () =>
      runsToOrder(parsed, stage).length > 0 ? await engine.remove(tag) : undefined,
    );
  }
  const records = await open.aptRecords();
  const seen = (stage: Stage, label: string | null, present: readonly LockedPackage[]): SeenStage => ({
    label,
    packages: present,
    own: records.get(stage.index),
    superseded: replaced.get(stage),
    inherited: ancestry(parsed, settings, stage.index).map((index) => records.get(index)),
  });
  const installed = withRecords(
    seen(final, null, packages),
    inStages.map((item) => seen(item.stage, stageLabel(item.stage), item.packages)),
  );
  const findings = [{ stage: final, packages }, ...inStages].map((item) => ({
    index: item.stage.index,
    packages: item.packages,
    own: records.get(item.stage.index),
  }));
  return {
    ...installed,
    unordered,
    sources,
    npmProjects,
    stages: findings,
    notCaptured: notCapturedLines(outside),
    byFiles,
  };
}
