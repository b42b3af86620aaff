import { messageOf } from "../base/errors/message";
import type { Judgement } from "../promote/gate/clause";
import type { StagingInputs } from "./inputs/staging-inputs";
import { stagingMachine } from "./machine";
import type { StagingEffects } from "./steps";
import { BEFORE_LABEL, writeBefore } from "./release";

/** What a release in one process needs from outside. */
export interface RunEffects extends StagingEffects {
  /** Runs the check of the release with this name, and returns the output of its program. */
  check(release: string): Promise<string>;
  /** Judges the image as a promotion would. */
  gate(): Promise<Judgement>;
  /** A further step that has to succeed before the earlier container is removed. */
  keep?(): Promise<void>;
  signal?: AbortSignal;
}

/** An image to try. */
export interface TriedRelease {
  settings: StagingInputs;
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** The URL that has to become healthy. */
  url: string;
  /** true: if an earlier release is put back that was stopped, it stays stopped; default: it is started. */
  stoppedStays?: boolean;
}

/**
 * Recreates staging from an image ID, waits until it is healthy, runs the check and judges the image: the steps of
 * `StagedRelease`, in one process. The new container's label says what was set aside, so that a later release can undo
 * this one if it is killed.
 *
 * @returns the judgement, and after how many seconds it was healthy
 * @throws {StagingRedError} when a step is red; what ran before runs again
 * @throws {StagingBlockedError} when the name can't be freed
 */
export async function runRelease(
  effects: RunEffects,
  { settings, imageId, env, url, stoppedStays }: TriedRelease,
): Promise<{ judgement: Judgement; healthyAfter: number }> {
  const { signal } = effects;
  const machine = stagingMachine(effects);
  const planned = await machine.plan(settings.name, { stoppedStays });
  const labels = { [BEFORE_LABEL]: writeBefore(planned.before) };
  const made = await machine.make(planned, { ...settings, imageId, env, labels }, signal);
  const health = { url, deadlineSeconds: settings.healthTimeout };
  const healthyAfter = await machine.takeOver(made, health, signal);
  // `conclude` judges the check, also when it failed to run. If it is red, what ran before is put back.
  const checkOutput = await effects.check(made.release).catch((error: unknown) => messageOf(error));
  const judgement = await machine.conclude(
    { ...made, checkOutput },
    () => effects.gate(),
    () => effects.keep?.() ?? Promise.resolve(),
  );
  return { judgement, healthyAfter };
}
