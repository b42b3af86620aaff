import type { RecipeSettings } from "../dockerfile/global-arguments";
import { instrument } from "../dockerfile/instrument";
import { neededStages, runInstructions, runsAnything, stageBases, targetStage } from "../dockerfile/stages";
import type { ParsedDockerfile, Stage } from "../dockerfile/types";
import type { Lock } from "../../packages/lock/types";
import { pinsReference, type PinFile } from "./pin-files";
import type { ReplacedInRun } from "./replaced";
import { pinStage, type PinnedNpmProject, type PinnedStage } from "./pinned-stage";

export interface LockedRecipeParts {
  /** The recipe that was built, without pins. */
  parsed: ParsedDockerfile;
  settings: RecipeSettings;
  lock: Lock;
  npmProjects: readonly PinnedNpmProject[];
  /** What single RUNs install at several versions. Default: nothing. */
  replaced?: readonly ReplacedInRun[];
  /** What each reference in the recipe is pinned to. */
  bases: ReadonlyMap<string, string>;
  /** true: the pins give way to what the recipe asks for and they don't have. Default: they hold. */
  preferred?: boolean;
}

/** A recipe with its pins. */
export interface LockedRecipe {
  text: string;
  /** The files of the pins; empty if there is nothing to pin. */
  pins: PinFile[];
  /** The name under which the recipe mounts the pins; null if it has none. */
  reference: string | null;
}

/**
 * Commands that fail if their folder exists already, or is not empty. To mount a lock file into it would make the
 * folder. Such a RUN gets no lock file; the preload still pins it.
 */
const MAKES_FOLDER =
  /\bmkdir\s+(?!-\w*p|--parents)|\bgit\s+clone\b|\bdegit\b|\bnpm\s+(?:create|init)\s+[^-\s]|\bnpx\s+(?:-\S+\s+)*create-/;

/**
 * Makes the recipe that repeats what the lock records. Base images are pinned by digest. apt may install only the
 * locked versions, pip gets constraints, and npm gets a preload. npm projects also get their lock files, because only
 * these say which version goes where. The shell text of RUN stays as it is: the pins are files, which come in through
 * mounts and ARGs.
 */
export function lockedRecipe({
  parsed,
  settings,
  lock,
  npmProjects,
  replaced,
  bases,
  preferred = false,
}: LockedRecipeParts): LockedRecipe {
  const final = targetStage(parsed, settings.target);
  const standsOn = stageBases(parsed, settings);
  const pinned = new Map<number, PinnedStage>();
  const isOnScratch = (index: number): boolean => {
    const base = standsOn[index];
    return base?.kind === "stage" ? isOnScratch(base.index) : base?.kind === "scratch";
  };
  // BuildKit does not take a mount's image from where the others are in a stage that only an ONBUILD of an image needs.
  for (const index of neededStages(parsed, { ...settings, triggers: undefined })) {
    const stage = parsed.stages[index] as Stage;
    if (!runsAnything(stage) || isOnScratch(index)) continue;
    const pins = pinStage(stage, index === final, lock, npmProjects, replaced, preferred);
    if (pins.files.length > 0) pinned.set(index, pins);
  }
  const pins = [...pinned.values()].flatMap(({ files }) => files);
  const reference = pins.length === 0 ? null : pinsReference(pins);
  const text = instrument(parsed, settings, {
    bases,
    run: (stage, instruction) => {
      if (reference === null) return [];
      const number = runInstructions(stage).indexOf(instruction) + 1;
      const flags = pinned.get(stage.index)?.run(number, reference);
      const text = parsed.text.slice(instruction.start, instruction.end);
      const takesLock = /\bnpm\b/.test(text) && !MAKES_FOLDER.test(text);
      return [...(flags?.mounts ?? []), ...(takesLock ? (flags?.npmMounts ?? []) : [])];
    },
    stageArguments: (stage) => pinned.get(stage.index)?.arguments ?? {},
  });
  return { text, pins, reference };
}
