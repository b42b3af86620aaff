import { randomBytes } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { readAptRecords } from "../../recipe/apt-records/read-records";
import { placeRecords, type StageRecords } from "../../recipe/apt-records/stage-records";
import { instrument } from "../../recipe/dockerfile/instrument";
import { targetStage } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import type { BuildRequest, ImageFacts } from "../../engines/engine";
import { throwawayReference } from "../../base/process/leftovers";
import { REVISION_LABEL } from "../../base/revision/verdict";
import type { BuildPlan } from "../../inputs/image-inputs";
import { recipeSettings } from "../../inputs/recipe-settings";
import type { ResolvedBase } from "../../engines/pin-base";
import { holdBases } from "./bases";
import type { Effects } from "./effects";
import { handIn } from "./hand-in";

/** One build of a recipe, loose or locked. */
export interface BuildJob {
  plan: BuildPlan;
  recipe: ParsedDockerfile;
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
  /** Builds the image that stays, without cache. Where its history tells what was handed in, the log ends with that. */
  buildKept(tag: string): Promise<ImageFacts>;
  /** What apt unpacked in the builds so far, by the stage's index in this recipe's text. */
  aptRecords(): Promise<Map<number, StageRecords>>;
  /** Ends it, and the log. */
  close(): Promise<void>;
}

/**
 * Prepares a recipe for building here: bases that can't move, the certificates that this machine needs for HTTPS,
 * and a hook by which apt tells what it installs, as secrets that neither the image nor the cache key sees.
 */
export async function openBuild(effects: Effects, job: BuildJob): Promise<OpenBuild> {
  const { plan, recipe: parsed } = job;
  const { engine, signal } = effects;
  const target = shiftTarget(plan.target, job.shift);
  const settings = recipeSettings({ ...plan, target });
  const handed = await handIn(engine, parsed, settings, job.bases);
  const held = await holdBases(engine, job.bases).catch(async (error: unknown) => {
    await handed.dispose();
    throw error;
  });
  // A mount that no other build has makes every RUN its own; below /dev it leaves nothing in the layer.
  const own = job.alone
    ? [`--mount=type=tmpfs,target=/dev/verified-images-${randomBytes(8).toString("hex")}`]
    : [];
  const prepare = (): string =>
    instrument(parsed, settings, {
      bases: held.names,
      run: (stage, instruction) => [...own, ...handed.mounts(stage, instruction)],
      stageArguments: (stage) => handed.stageArguments(stage),
      stageName: (stage) =>
        target === null && stage.index === parsed.stages.length - 1 ? null : givenName(stage),
    });
  let traces: string | null = null;
  const close = async (): Promise<void> => {
    try {
      await held.release();
    } finally {
      await handed.dispose();
    }
    if (traces !== null) await appendFile(job.logFile, `\n${traces}\n`);
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
  const request = (tag: string): Omit<BuildRequest, "target" | "cache"> => ({
    // One text for all targets, so that a stage built for capture is the stage of the build itself.
    dockerfile: text,
    ignore: job.ignore,
    context: plan.context,
    tag,
    platform: plan.platform,
    buildArgs: revision === null ? plan.buildArgs : { ...plan.buildArgs, GIT_SHA: revision },
    labels: { ...(inherited ? { [REVISION_LABEL]: "" } : {}), ...plan.labels, ...stamp },
    bases,
    secrets: { ...plan.secrets, ...handed.secrets },
    logFile: job.logFile,
    timeoutMs: plan.timeouts.rebuild * 1000,
    signal,
  });
  return {
    build: (tag, stage, cache) =>
      engine.build({ ...request(tag), target: targetName(parsed, stage ?? target), cache }),
    async buildKept(tag) {
      // A client that outlives this process names its image in the end: that must be a name that is swept.
      const temporary = throwawayReference(`${plan.name}-build`);
      try {
        const image = await engine.build({
          ...request(temporary),
          name: tag,
          target: targetName(parsed, target),
          cache: false,
        });
        signal?.throwIfAborted();
        await engine.tag(image.id, tag);
        traces = handed.traces(targetStage(parsed, target));
        return image;
      } finally {
        await engine.remove(temporary);
      }
    },
    async aptRecords() {
      return placeRecords(
        readAptRecords(await readFile(job.logFile, "utf8"), handed.nonce),
        parsed,
        givenName,
      );
    },
    close,
  };
}
