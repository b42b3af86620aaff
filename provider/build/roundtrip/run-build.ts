import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { injectAptHook } from "../../recipe/apt-records/inject-hook";
import { readAptRecords } from "../../recipe/apt-records/read-records";
import { placeRecords, type StageRecords } from "../../recipe/apt-records/stage-records";
import { instrument } from "../../recipe/dockerfile/instrument";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import { targetStage } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import type { BuildRequest, ImageFacts } from "../../engines/engine";
import { throwawayReference } from "../../base/process/leftovers";
import { REVISION_LABEL } from "../../base/revision/verdict";
import type { BuildPlan } from "../../inputs/image-inputs";
import { recipeSettings } from "../../inputs/recipe-settings";
import { injectCaBundle } from "../../recipe/ca-bundle/inject";
import { holdBases, type ResolvedBase } from "./bases";
import type { Effects } from "./effects";

/** One build of a recipe text, loose or locked. */
export interface BuildJob {
  plan: BuildPlan;
  recipe: string;
  /** Helper stages that the recipe has before the user's first one. */
  shift: number;
  ignore: string;
  bases: readonly ResolvedBase[];
  logFile: string;
  /**
   * true: no other build may lend its results. BuildKit shares identical steps between builds that run at the
   * same time, also with --no-cache, and a rebuild that borrows from another build proves nothing.
   */
  alone: boolean;
}

/** A target given by number means another stage once helper stages come first. */
export function shiftTarget(target: string | null, shift: number): string | null {
  return target !== null && /^[0-9]+$/.test(target) ? String(Number(target) + shift) : target;
}

/** The name that a stage without one is given: BuildKit takes no number as a target. */
function givenName(stage: Stage): string {
  return `verified-images-stage-${stage.index}`;
}

/** True for a stage in which commands of the recipe run. */
export function runsAnything(stage: Stage): boolean {
  return stage.instructions.some((item) => item.keyword === "RUN" && !item.onbuild);
}

/** What BuildKit is told to build for a target by name or number; null is the last stage. */
function targetName(parsed: ParsedDockerfile, target: string | null): string | null {
  if (target === null) return null;
  const stage = parsed.stages[targetStage(parsed, target)] as Stage;
  return stage.name ?? givenName(stage);
}

/** A build environment in which several targets of one recipe can be built. */
export interface OpenBuild {
  /**
   * @param stage a stage's name or number in this recipe's text; null: the plan's own
   * @param cache whether layers of this very build may be used again
   */
  build(tag: string, stage: string | null, cache: boolean): Promise<ImageFacts>;
  /** Builds the image that stays: without cache, and without a trace of what was handed in. */
  buildKept(tag: string): Promise<ImageFacts>;
  /** What apt unpacked in the builds so far, by the stage's index in this recipe's text. */
  aptRecords(): Promise<Map<number, StageRecords>>;
  close(): Promise<void>;
}

/**
 * Prepares a recipe for building here: bases that can't move, the certificates that this machine needs for HTTPS,
 * and a hook by which apt tells what it installs, as secrets that neither the image nor the cache key sees.
 */
export async function openBuild(effects: Effects, job: BuildJob): Promise<OpenBuild> {
  const { plan } = job;
  const { engine, signal } = effects;
  const parsed = parseDockerfile(job.recipe);
  const caBundle = await injectCaBundle();
  const apt = await injectAptHook(caBundle.aptLines);
  const dispose = async (): Promise<void> => {
    try {
      await apt.dispose();
    } finally {
      await caBundle.dispose();
    }
  };
  const held = await holdBases(engine, job.bases).catch(async (error: unknown) => {
    await dispose();
    throw error;
  });
  const target = shiftTarget(plan.target, job.shift);
  // A mount that no other build has makes every RUN its own; below /dev it leaves nothing in the layer.
  const own = job.alone
    ? [`--mount=type=tmpfs,target=/dev/verified-images-${randomBytes(8).toString("hex")}`]
    : [];
  const prepare = (): string =>
    instrument(parsed, recipeSettings({ ...plan, target }), {
      bases: held.names,
      run: (stage) => [...own, ...caBundle.mounts, ...apt.mounts(stage)],
      stageArguments: (stage) => ({ ...caBundle.arguments, ...(runsAnything(stage) ? apt.arguments : {}) }),
      stageName: (stage) =>
        target === null && stage.index === parsed.stages.length - 1 ? null : givenName(stage),
    });
  const close = async (): Promise<void> => {
    try {
      await held.release();
    } finally {
      await dispose();
    }
  };
  let text: string;
  try {
    text = prepare();
  } catch (error) {
    await close();
    throw error;
  }
  const revision = plan.revision;
  const stamp = revision === null ? {} : { [REVISION_LABEL]: revision };
  // An image without a revision of its own must not pass for what its base was built from.
  const inherited = revision === null && job.bases.some((base) => (base.revision ?? "") !== "");
  const bases = job.bases.flatMap(({ reference, imageId }) => {
    const name = held.names.get(reference);
    return name === undefined ? [] : [{ reference: name, imageId }];
  });
  const request = (tag: string): Omit<BuildRequest, "target" | "cache" | "traces"> => ({
    // One text for all targets, so that a stage built for capture is the stage of the build itself.
    dockerfile: text,
    ignore: job.ignore,
    context: plan.context,
    tag,
    platform: plan.platform,
    buildArgs: revision === null ? plan.buildArgs : { ...plan.buildArgs, GIT_SHA: revision },
    labels: { ...(inherited ? { [REVISION_LABEL]: "" } : {}), ...plan.labels, ...stamp },
    bases,
    secrets: { ...plan.secrets, ...caBundle.secrets, ...apt.secrets },
    logFile: job.logFile,
    timeoutMs: plan.timeouts.rebuild * 1000,
    signal,
  });
  return {
    build: (tag, stage, cache) =>
      engine.build({ ...request(tag), target: targetName(parsed, stage ?? target), cache, traces: {} }),
    async buildKept(tag) {
      // A client that outlives this process names its image in the end: that must be a name that is swept.
      const temporary = throwawayReference(`${plan.name}-build`);
      try {
        const image = await engine.build({
          ...request(temporary),
          name: tag,
          target: targetName(parsed, target),
          cache: false,
          traces: { ...caBundle.arguments, ...apt.arguments },
        });
        signal?.throwIfAborted();
        await engine.tag(image.id, tag);
        return image;
      } finally {
        await engine.remove(temporary);
      }
    },
    async aptRecords() {
      return placeRecords(readAptRecords(await readFile(job.logFile, "utf8"), apt.nonce), parsed, givenName);
    },
    close,
  };
}
