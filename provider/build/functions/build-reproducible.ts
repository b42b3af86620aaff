import { concurrency } from "../../inputs/concurrency";
import { InputError } from "../../inputs/failure";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { ImageInputs } from "../../inputs/image-inputs.generated";
import { interruptible } from "../../base/process/interruptible";
import { planImage } from "../../inputs/plan";
import type { Recipe } from "../../recipe/dockerfile/read";
import { registryAt } from "../../engines/registry/registry-at";
import { step, type Effects } from "../roundtrip/effects";
import type { ImageOutputs } from "../roundtrip/image-outputs";
import { roundTrip } from "../roundtrip/round-trip";
import { unpinnedWarning } from "../roundtrip/unpinned-words";
import { driftLine, imageWarning } from "../roundtrip/warning";
import { VerifyError } from "../../base/errors/verify-error";
import { PushFailedError, pushBuilt } from "./push-built";
import { consoleEffects, engineAt } from "./effects";

/**
 * The root's function of this name, which says what it does.
 *
 * @param options {@link ImageInputs}, or what may turn out to be none
 */
export async function buildReproducible(
  options: ImageInputs | Readonly<Record<string, unknown>>,
): Promise<ImageOutputs> {
  const directory = process.cwd();
  const { limit, failures } = concurrency();
  const { plan, recipe, failures: wrong } = await planImage({ ...options }, directory);
  if (plan === null || failures.length > 0) throw new InputError([...wrong, ...failures]);
  const engine = engineAt(plan.host, plan.timeouts.inspect);
  const { outputs, failure } = await interruptible((signal) =>
    buildAndJudge(consoleEffects(engine, plan.name, limit, signal), plan, directory, { recipe }),
  );
  if (failure !== null) throw failure;
  return outputs;
}

/** What was built, and why it can't count as done all the same, or null. */
export interface Judged {
  outputs: ImageOutputs;
  failure: VerifyError | PushFailedError | null;
}

/**
 * The round trip with effects of the caller's choice, then the push. What drifted and has to be verified is not pushed.
 *
 * @param options anew: rebuild and compare even where a verdict is on record; recipe: as it was read a moment ago
 */
export async function buildAndJudge(
  effects: Effects,
  plan: BuildPlan,
  directory: string,
  options: { anew?: boolean; recipe?: Recipe | null } = {},
): Promise<Judged> {
  await effects.engine.identity();
  const outputs = await roundTrip(effects, plan, directory, options);
  const warning = imageWarning(outputs) ?? unpinnedWarning(outputs.unpinned);
  if (warning !== null) effects.warn(warning);
  if (plan.requireVerified && outputs.verified !== "verified") {
    return { outputs, failure: new VerifyError(outputs.reference, driftLine(outputs), outputs) };
  }
  if (plan.push.length === 0) return { outputs, failure: null };
  const { engine, signal } = effects;
  const registry = registryAt(plan.timeouts.inspect);
  try {
    const pushed = await step(effects, plan.name, "push", () =>
      pushBuilt(engine, registry, outputs, plan.push, signal),
    );
    return { outputs: pushed, failure: null };
  } catch (error) {
    if (!(error instanceof PushFailedError)) throw error;
    return { outputs, failure: error };
  }
}
