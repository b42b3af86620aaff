import { appendFile, readFile } from "node:fs/promises";
import { MARKER } from "../../recipe/apt-records/hook";
import { readAptRecords } from "../../recipe/apt-records/read-records";
import { placeRecords, type StageRecords } from "../../recipe/apt-records/stage-records";
import { labelLine } from "../../recipe/dockerfile/argument-line";
import { instrument } from "../../recipe/dockerfile/instrument";
import { parseDockerfile } from "../../recipe/dockerfile/parse";
import type { BuildPolicy } from "../../recipe/context/policies";
import { runInstructions, targetStage } from "../../recipe/dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import type { BuildInstructions, ImageFacts } from "../../engines/engine";
import type { Capture } from "../../packages/capture/types";
import type { LockedPackage } from "../../packages/lock/types";
import { thenCleanUp } from "../../base/process/clean-up";
import { throwawayReference } from "../../base/process/leftovers";
import { REVISION_LABEL } from "../../base/revision/verdict";
import type { BuildPlan } from "../../inputs/image-inputs";
import { builderContexts } from "../../inputs/named-contexts";
import type { ResolvedBase } from "../../engines/pin-base";
import { holdBases } from "./bases";
import type { Effects } from "./effects";
import { handIn } from "./hand-in";
import { hideInLog } from "./hide-secrets";
import { labelsOf } from "./hidden-inputs";
import { holdPins } from "./hold-pins";
import { jobSettings } from "./job-settings";
import type { PinFile } from "../../recipe/pins/pin-files";

/** One build of a recipe, loose or locked. */
export interface BuildJob {
  plan: BuildPlan;
  recipe: ParsedDockerfile;
  /** The files that a locked recipe mounts; none for a loose recipe. */
  pins: readonly PinFile[];
  ignore: string;
  policy: BuildPolicy | null;
  bases: readonly ResolvedBase[];
  logFile: string;
  /** Whether later builds can use its steps again, as those of a committed lock do. Default: false. */
  shared?: boolean;
}

/** The name for a stage without one, because BuildKit takes no number as a target. */
export function givenName(stage: Stage): string {
  return `verified-images-stage-${stage.index}`;
}

/** The target's name for BuildKit; null: the last stage. */
function targetName(parsed: ParsedDockerfile, target: string | null): string | null {
  if (target === null) return null;
  const stage = parsed.stages[targetStage(parsed, target)] as Stage;
  return stage.name ?? givenName(stage);
}

/** The recipe's text until the end of one RUN. */
function textUntil(text: string, stage: number, run: number): string {
  const at = parseDockerfile(text).stages[stage];
  const last = at === undefined ? undefined : runInstructions(at)[run - 1];
  if (last === undefined) throw new RangeError(`stage ${stage} has no RUN ${run}`);
  return `${text.slice(0, last.end)}\n`;
}

/** Changes the text that is built, without adding or removing a RUN. */
export type Edit = (text: string) => string;

/**
 * A prepared recipe, of which several targets can be built.
 *
 * - `stage`: a stage's name or number in this recipe's text; null: the plan's own
 * - `cache`: whether layers of this same build may be reused
 * - `edit`: changes the text that is built; default: it stays as it is
 */
export interface OpenBuild {
  build(tag: string, stage: string | null, cache: boolean, edit?: Edit): Promise<ImageFacts>;
  /** Builds without making an image, and captures the file system as it comes from the builder. */
  capture(stage: string | null, cache: boolean, edit?: Edit): Promise<Capture>;
  /** The files of what was just captured in that way. */
  manifest(stage: string | null, edit?: Edit): Promise<LockedPackage[]>;
  /** Builds the image that is kept. If certificates leave a trace in its history, the log says so at its end. */
  buildKept(tag: string, cache: boolean): Promise<ImageFacts>;
  /**
   * Builds the image as it was when a RUN had run, from the layers of this same build.
   *
   * @param stage the stage's index in this recipe's text
   * @param run the number of the RUN in its stage, from 1
   */
  buildUntil(tag: string, stage: number, run: number, edit?: Edit): Promise<ImageFacts>;
  /** What apt unpacked in the builds so far, by the stage's index in this recipe's text. */
  aptRecords(): Promise<Map<number, StageRecords>>;
  /** Removes temporary tags and files, and completes the log. */
  close(): Promise<void>;
}

/**
 * Prepares a recipe for building here: bases that can't move, this machine's CA certificates, and the hook by which apt
 * reports what it installs. The last two are secrets, so they are neither in the image nor in the cache key.
 */
export async function openBuild(effects: Effects, job: BuildJob): Promise<OpenBuild> {
  const { plan, recipe: parsed } = job;
  const { engine, signal } = effects;
  const { target } = plan;
  const settings = jobSettings(plan, job.bases);
  const labels = labelsOf(plan);
  const hidden = await hideInLog(plan);
  const pins = await holdPins(effects, job);
  const allBases = [...job.bases, ...pins.bases];
  const handed = await handIn(engine, parsed, settings, job.bases, job.shared).catch(
    async (error: unknown) => {
      await pins.release();
      throw error;
    },
  );
  const held = await holdBases(engine, allBases).catch(async (error: unknown) => {
    await handed.dispose();
    await pins.release();
    throw error;
  });
  const prepare = (): string =>
    instrument(parsed, settings, {
      bases: held.names,
      run: (stage, instruction) => handed.mounts(stage, instruction),
      stageArguments: (stage) => handed.stageArguments(stage),
      stageEnd: (stage) =>
        stage.index === targetStage(parsed, target)
          ? Object.entries(labels.inRecipe).map(([name, value]) => labelLine(name, value, parsed.escape))
          : [],
      stageName: (stage) =>
        target === null && stage.index === parsed.stages.length - 1 ? null : givenName(stage),
    });
  let traces: string | null = null;
  const close = async (): Promise<void> => {
    try {
      await held.release();
    } finally {
      await handed.dispose();
      await pins.release();
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
  // Without a revision of its own the image would show its base's revision, so that label is emptied.
  const inherited = revision === null && job.bases.some((base) => (base.revision ?? "") !== "");
  const bases = allBases.flatMap(({ reference, imageId }) => {
    const name = held.names.get(reference);
    return name === undefined ? [] : [{ reference: name, imageId }];
  });
  const common: Omit<BuildInstructions, "name" | "target" | "cache"> = {
    // The text is the same for all targets, so a stage built for capture is the very stage of the image's build.
    dockerfile: text,
    ignore: job.ignore,
    policy: job.policy,
    context: plan.context,
    platform: plan.platform,
    buildArgs: revision === null ? plan.buildArgs : { ...plan.buildArgs, GIT_SHA: revision },
    labels: { ...(inherited ? { [REVISION_LABEL]: "" } : {}), ...labels.asFlags, ...stamp },
    bases,
    contexts: { ...builderContexts(plan.contexts), ...pins.folders },
    secrets: { ...plan.secrets, ...handed.secrets },
    cacheFrom: plan.cacheFrom,
    logFile: job.logFile,
    // The hook's lines are read from the log, and name packages only.
    logLine: (line) => (line.includes(`${MARKER} ${handed.nonce} `) ? line : hidden(line)),
    timeoutMs: plan.timeouts.rebuild * 1000,
    signal,
  };
  const instructions = (stage: string | null, cache: boolean, edit: Edit = (whole) => whole) => ({
    ...common,
    name: stage === null ? plan.name : `${stage} of ${plan.name}`,
    dockerfile: edit(text),
    target: targetName(parsed, stage ?? target),
    cache,
  });
  return {
    build: (tag, stage, cache, edit) => engine.build({ ...instructions(stage, cache, edit), tag }),
    capture: (stage, cache, edit) => engine.captureBuild(instructions(stage, cache, edit)),
    manifest: (stage, edit) => engine.manifestBuild(instructions(stage, true, edit)),
    buildUntil: (tag, stage, run, edit = (whole) => whole) =>
      engine.build({
        ...common,
        ...{ tag, name: tag },
        dockerfile: textUntil(edit(text), stage, run),
        target: null,
        cache: true,
      }),
    async buildKept(tag, cache) {
      // If this process is killed, the client may still finish and tag its image. That tag must be one that is swept.
      const temporary = throwawayReference(`${plan.name}-build`);
      const work = async (): Promise<ImageFacts> => {
        const image = await engine.build({
          ...instructions(null, cache),
          ...{ cacheTo: plan.cacheTo, tag: temporary, name: tag },
        });
        signal?.throwIfAborted();
        await engine.tag(image.id, tag);
        traces = handed.traces(targetStage(parsed, target));
        return image;
      };
      return await thenCleanUp(work, () => engine.remove(temporary));
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
