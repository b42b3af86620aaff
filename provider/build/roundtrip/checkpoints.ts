import { CommandError } from "../../base/process/command-error";
import { throwawayReference } from "../../base/process/leftovers";
import type { ImageFacts } from "../../engines/engine";
import { BuildFailedError } from "../../engines/errors";
import { captureProblems } from "../../packages/capture/judge";
import type { Stage } from "../../recipe/dockerfile/types";
import type { Checkpoint } from "../../recipe/pins/superseded";
import type { Effects } from "./effects";
import type { BuildJob, OpenBuild } from "./run-build";

/** Whether an image is one of the states through which another one went: its layers are the other's lowest. */
function isEarlierState(earlier: ImageFacts, image: ImageFacts | null): boolean {
  const [lower, all] = [earlier.layers ?? [], image?.layers ?? []];
  return lower.length > 0 && lower.length <= all.length && lower.every((layer, at) => layer === all[at]);
}

/**
 * What a stage had after each of some of its RUNs. The recipe is built until there from the layers that were just made.
 * Null if that can't be told: the builder has not kept these layers, or they can't be captured.
 *
 * @param of image: the stage's own image; only what has its layers is a state of it
 */
export async function checkpoints(
  { engine, signal }: Effects,
  { plan }: BuildJob,
  open: Pick<OpenBuild, "buildUntil">,
  of: { stage: Stage; runs: readonly number[]; image: ImageFacts | null },
): Promise<Checkpoint[] | null> {
  const found: Checkpoint[] = [];
  for (const run of of.runs) {
    const tag = throwawayReference(`${plan.name}-stage-${of.stage.index}-run-${run}`);
    try {
      const facts = await open.buildUntil(tag, of.stage.index, run);
      if (!isEarlierState(facts, of.image)) return null;
      const capture = await engine.capture(facts.id, signal);
      if (captureProblems(capture).length > 0) return null;
      found.push({ run, packages: capture.packages, npmProjects: capture.npmProjects });
    } catch (error) {
      const failed = error instanceof BuildFailedError || error instanceof CommandError;
      if (!failed || signal?.aborted === true) throw error;
      return null;
    } finally {
      await engine.remove(tag);
    }
  }
  return found;
}
