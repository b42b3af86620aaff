import { messageOf } from "../base/errors/message";
import type { Judgement } from "../promote/gate/clause";
import type { StagingInputs } from "./inputs/staging-inputs";
import { stagingMachine } from "./machine";
import type { StagingEffects } from "./steps";
import { BEFORE_LABEL, writeBefore } from "./release";

/** What a release in one process touches, and who judges it. */
export interface RunEffects extends StagingEffects {
  /** Runs the check of the release of this name; returns what its program printed. */
  check(release: string): Promise<string>;
  /** Judges the image as a promotion would. */
  gate(): Promise<Judgement>;
  /** What else has to succeed before what ran before goes. */
  keep?(): Promise<void>;
  signal?: AbortSignal;
}

/** An image that is to be tried. */
export interface TriedRelease {
  settings: StagingInputs;
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** Where it has to become healthy. */
  url: string;
  /** Whether a release that was stopped stays so when it comes back; default: it runs again. */
  stoppedStays?: boolean;
}

/**
 * Recreates staging from an image ID, waits for its health, runs the check and judges: the steps of `StagedRelease`, one
 * after the other in one process. What was set aside is written on the fresh container, so that the next release can
 * undo one that was killed.
 *
 * @returns the judgement, and after how many seconds it was healthy
 * @throws {StagingRedError} when it is red; what ran before runs again
 * @throws {StagingBlockedError} when the name can't be taken
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
  // Whatever becomes of the check, it is judged below: red, what ran before comes back.
  const checkOutput = await effects.check(made.release).catch((error: unknown) => messageOf(error));
  const judgement = await machine.conclude(
    { ...made, checkOutput },
    () => effects.gate(),
    () => effects.keep?.() ?? Promise.resolve(),
  );
  return { judgement, healthyAfter };
}
