import { concurrency } from "../../inputs/concurrency";
import { InputError } from "../../inputs/failure";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { ImageInputs } from "../../inputs/image-inputs.generated";
import { told } from "../../base/errors/system-error";
import { interruptible } from "../../base/process/interruptible";
import { readFromOf } from "../../inputs/read-from";
import { planImage } from "../../inputs/plan";
import { registryAt } from "../../engines/registry/registry-at";
import { step, type Effects } from "../roundtrip/effects";
import type { ImageOutputs } from "../roundtrip/image-outputs";
import { roundTripSif } from "../apptainer/round-trip-sif";
import { roundTrip, type RoundTripOptions } from "../roundtrip/round-trip";
import { unpinnedWarning } from "../roundtrip/unpinned-words";
import { driftLine, imageWarning } from "../roundtrip/warning";
import type { Sighting } from "../../base/git/still";
import { VerifyError } from "../../base/errors/verify-error";
import { PushFailedError, pushBuilt } from "./push-built";
import { consoleEffects, engineAt, sifEffects } from "./effects";
import { movedSince, stampOf } from "./stamp";
import { StampInDoubtError } from "./stamp-error";

/**
 * See `buildReproducible` in on-call.ts.
 *
 * @param options {@link ImageInputs}; unchecked values are fine, they are checked here
 */
export async function buildReproducible(
  options: (ImageInputs & { readFrom?: Sighting }) | Readonly<Record<string, unknown>>,
): Promise<ImageOutputs> {
  const directory = process.cwd();
  const { limit, failures } = concurrency();
  const { readFrom: given, ...inputs }: Readonly<Record<string, unknown>> = { ...options };
  const readFrom = readFromOf(given);
  const { plan, recipe, failures: wrong } = await planImage(inputs, directory);
  if (plan === null || failures.length > 0) throw new InputError([...wrong, ...failures]);
  const engine = engineAt(plan.host, plan.timeouts.inspect, plan.builder);
  const { outputs, failure } = await interruptible((signal) =>
    buildAndJudge(consoleEffects(engine, plan.name, limit, signal), plan, directory, { recipe, readFrom }),
  );
  if (failure !== null) throw failure;
  return outputs;
}

/** What was built, and why it still counts as a failure; null: it does not. */
export interface Judged {
  outputs: ImageOutputs;
  failure: StampInDoubtError | VerifyError | PushFailedError | null;
  /** How much of a build from a committed lock came from the cache, in words; null: it is not known. */
  fromCache: string | null;
}

/**
 * Runs the round trip and then the push. An image that is not verified is not pushed when `requireVerified` is set, and
 * one whose stamp is in doubt never is.
 *
 * @param options anew: rebuild and compare even if a verdict is on record; recipe: the recipe, if it was just read;
 *   readFrom: the work tree when the revision was read from it, if it was
 */
export async function buildAndJudge(
  effects: Effects,
  plan: BuildPlan,
  directory: string,
  options: RoundTripOptions & { readFrom?: Sighting | null } = {},
): Promise<Judged> {
  const sif = plan.engine === "apptainer" ? sifEffects(effects, plan.timeouts.inspect) : null;
  await (sif ?? effects).engine.identity();
  const moved = await movedSince(plan, options.readFrom ?? null);
  const work =
    sif === null
      ? roundTrip({ ...effects, moved }, plan, directory, options)
      : roundTripSif({ ...sif, moved }, plan, directory, options);
  const { outputs, doubt, fromCache } = await work.catch((error: unknown) => {
    throw told(error);
  });
  const stamp = stampOf(plan);
  if (doubt !== null && stamp !== null) {
    return { outputs, failure: new StampInDoubtError(outputs.reference, stamp, doubt, outputs), fromCache };
  }
  const warning = imageWarning(outputs) ?? unpinnedWarning(outputs.unpinned);
  if (warning !== null) effects.warn(warning);
  for (const line of outputs.notCaptured) effects.note(plan.name, line);
  if (plan.requireVerified && outputs.verified !== "verified") {
    return { outputs, failure: new VerifyError(outputs.reference, driftLine(outputs), outputs), fromCache };
  }
  if (plan.push.length === 0) return { outputs, failure: null, fromCache };
  const { engine, signal } = effects;
  const registry = registryAt(plan.timeouts.inspect);
  try {
    const pushed = await step(effects, plan.name, "push", () =>
      pushBuilt(engine, registry, outputs, plan.push, signal),
    );
    return { outputs: pushed, failure: null, fromCache };
  } catch (error) {
    if (!(error instanceof PushFailedError)) throw error;
    return { outputs, failure: error, fromCache };
  }
}
