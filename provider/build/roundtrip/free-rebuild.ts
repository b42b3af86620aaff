import { readFile } from "node:fs/promises";
import type { ImageFacts } from "../../engines/engine";
import { BuildFailedError } from "../../engines/errors";
import type { Lock } from "../../packages/lock/types";
import { editRuns, FREE_VARIABLE, type Retried } from "./edit-runs";
import { step, type Effects } from "./effects";
import { failedInstruction, type Place } from "./failed-instruction";
import { readBuildOutput, type FailedStep } from "./failed-step";
import { hideSecrets } from "./hide-secrets";
import { mayAskAgain, PIP_VERBOSE, type FirstBuild } from "./judge-pip";
import { pinConflict, type PinConflict } from "./pin-conflict";
import { givenName, type BuildJob, type OpenBuild } from "./run-build";

/** A rebuild in which the pins of pip and npm gave way to what they conflict with. */
export interface FreedBuild {
  image: ImageFacts;
  /** The build, of which the stages can be built in the same way. */
  open: OpenBuild;
  /** Of all RUNs that failed for their pins. */
  conflicts: PinConflict[];
}

/** Where such a rebuild failed nevertheless. */
export interface StillFailed {
  failed: FailedStep;
  /** What all its steps printed. */
  lines: string[];
}

/** A clipped log may lack the line that says that an index did not answer. */
export const isClipped = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes("[output clipped, log limit"));

/** An open build whose text is changed in every build. */
function edited(open: OpenBuild, edit: (text: string) => string): OpenBuild {
  return {
    ...open,
    build: (tag, stage, cache) => open.build(tag, stage, cache, edit),
    capture: (stage, cache) => open.capture(stage, cache, edit),
    manifest: (stage) => open.manifest(stage, edit),
    buildUntil: (tag, stage, run) => open.buildUntil(tag, stage, run, edit),
  };
}

/**
 * Builds once more, without the pins with which a RUN conflicts, so that the comparison can tell what that makes of the image.
 * Steps before it come from the cache. If another RUN then fails for its pins, it is left free as well.
 *
 * @param place the RUN that failed
 * @param conflict why it failed
 * @returns null if nothing more is known than before
 */
export async function rebuildFreed(
  effects: Effects,
  job: BuildJob,
  open: OpenBuild,
  facts: { tag: string; lock: Lock; first: FirstBuild | null; place: Place; conflict: PinConflict },
): Promise<FreedBuild | StillFailed | null> {
  const { tag, lock, first } = facts;
  const retried = (place: Place, conflict: PinConflict): Retried => ({
    place,
    variables: FREE_VARIABLE,
    ownLockFiles: conflict.lockFile,
  });
  const changes: Retried[] = [retried(facts.place, facts.conflict)];
  const conflicts = [facts.conflict];
  let verbose = false;
  for (;;) {
    const now = [...changes];
    const edit = (text: string): string => editRuns(text, now);
    try {
      const image = await step(effects, job.plan.name, "rebuild with the conflict left free", () =>
        open.build(tag, null, true, edit),
      );
      // What fails at one time and goes well at another is due to an index.
      return verbose ? null : { image, open: edited(open, edit), conflicts };
    } catch (error) {
      if (!(error instanceof BuildFailedError)) throw error;
      const { failed: found, lines } = readBuildOutput(await readFile(error.logFile, "utf8"));
      if (found === null || isClipped(found.lines)) return null;
      const failed = await hideSecrets(found, job.plan.secrets);
      const place = failedInstruction(failed, job.recipe, givenName);
      const conflict = pinConflict(failed.lines, lock);
      const known = changes.some(
        (one) =>
          one.place.instruction === place?.instruction &&
          (one.ownLockFiles === true || conflict?.lockFile !== true),
      );
      if (place !== null && conflict !== null && !known) {
        changes.push(retried(place, conflict));
        conflicts.push(conflict);
      } else if (place !== null && !verbose && mayAskAgain(failed.lines, first)) {
        verbose = true;
        changes.push({ place, variables: PIP_VERBOSE });
      } else return { failed, lines };
    }
  }
}
