import { findUnpinned } from "../../recipe/dockerfile/unpinned";
import type { ImageFacts } from "../../engines/engine";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { PastHook } from "../../recipe/apt-records/past-hook";
import { makeLock } from "../../packages/lock/make";
import type { Lock } from "../../packages/lock/types";
import { keptProjects } from "../../recipe/pins/npm-lock-credentials";
import { lockedRecipe, type LockedRecipe } from "../../recipe/pins/locked-recipe";
import type { PinnedNpmProject } from "../../recipe/pins/pinned-stage";
import type { ReplacedInRun } from "../../recipe/pins/replaced";
import { lockedName, type ResolvedBase } from "../../engines/pin-base";
import { lockedBuildOf } from "../lock/lock-parts";
import type { BuildCapture } from "./capture-build";
import { jobSettings } from "./job-settings";
import { replacedInRuns } from "./replaced-in-run";
import { givenName } from "./run-build";
import type { Source } from "./source";

/** What is known of a build that was captured. */
export interface BuiltParts {
  plan: BuildPlan;
  source: Source;
  bases: readonly ResolvedBase[];
  image: Pick<ImageFacts, "os" | "architecture">;
  captured: BuildCapture;
  /** What apt did not report, by stage. */
  pastHook: ReadonlyMap<number, readonly PastHook[]>;
}

/** The lock of a build, and what of it is about single stages. */
export interface OwnLock {
  lock: Lock;
  npmProjects: PinnedNpmProject[];
  replaced: ReplacedInRun[];
}

/** Makes the lock of what was built and captured. */
export function lockOf(parts: BuiltParts, log: string): OwnLock {
  const { plan, source, captured, bases, image } = parts;
  const settings = jobSettings(plan, bases);
  const { parsed, entries } = source;
  const ofNpm = entries.some(({ path }) => /(?:^|\/)(?:package-lock|npm-shrinkwrap)\.json$/.test(path));
  const npmProjects = keptProjects(captured.npmProjects, ofNpm);
  const replaced = replacedInRuns(log, parsed, givenName);
  const { incomplete, unordered } = captured;
  const platform = `${image.os}/${image.architecture}`;
  const lock = makeLock({
    ...lockedBuildOf({ parsed, settings, platform, npmProjects, replaced, incomplete, unordered }),
    bases: bases.map(({ reference, image = reference, digest }) => ({ reference: image, digest })),
    packages: captured.packages,
    sources: captured.sources,
    notCaptured: captured.notCaptured,
    unpinned: findUnpinned(parsed, settings, {
      packages: captured.packages,
      pastHook: parts.pastHook,
      context: source.lockFiles,
      triggers: new Map(bases.map(({ reference, onbuild }) => [reference, onbuild ?? []])),
    }),
  });
  return { lock, npmProjects, replaced };
}

/**
 * The recipe with the pins of a lock.
 *
 * @param preferred the pins give way to what the recipe asks for
 */
export function recipeOf(
  { plan, source, bases }: Pick<BuiltParts, "plan" | "source" | "bases">,
  { lock, npmProjects, replaced }: OwnLock,
  preferred = false,
): LockedRecipe {
  return lockedRecipe({
    parsed: source.parsed,
    settings: jobSettings(plan, bases),
    ...{ lock, npmProjects, replaced, preferred },
    bases: new Map(bases.map((base) => [base.reference, lockedName(base)])),
  });
}
