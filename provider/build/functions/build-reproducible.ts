import { checkImageInputs } from "../../inputs/check-image";
import { concurrency } from "../../inputs/concurrency";
import { InputError } from "../../inputs/failure";
import type { ImageInputs } from "../../inputs/image-inputs";
import { interruptible } from "../../base/process/interruptible";
import { makePlan } from "../../inputs/plan";
import { registryAt } from "../../engines/registry/registry-at";
import { step, type Effects } from "../roundtrip/effects";
import type { ImageOutputs } from "../roundtrip/outputs";
import { roundTrip } from "../roundtrip/round-trip";
import { unpinnedWarning } from "../roundtrip/unpinned-words";
import { driftLine, imageWarning } from "../roundtrip/warning";
import { VerifyError } from "../../base/errors/verify-error";
import { pushBuilt } from "./push-built";
import { consoleEffects, engineAt } from "./effects";

/** The root's function of this name, which says what it does. */
export async function buildReproducible(options: ImageInputs): Promise<ImageOutputs> {
  const directory = process.cwd();
  const { limit, failures: wrong } = concurrency();
  const failures = [...(await checkImageInputs({ ...options }, directory)), ...wrong];
  if (failures.length > 0) throw new InputError(failures);
  const plan = makePlan(options, directory);
  const engine = engineAt(plan.host, plan.timeouts.inspect);
  return await interruptible((signal) =>
    buildWith(consoleEffects(engine, plan.name, limit, signal), options, directory),
  );
}

/**
 * The round trip with effects of the caller's choice, then the push; inputs must have passed their check. What drifted
 * and has to be verified is not pushed.
 *
 * @param options anew: rebuild and compare even where a verdict is on record
 */
export async function buildWith(
  effects: Effects,
  inputs: ImageInputs,
  directory: string,
  options: { anew?: boolean } = {},
): Promise<ImageOutputs> {
  const plan = makePlan(inputs, directory);
  await effects.engine.identity();
  const outputs = await roundTrip(effects, plan, directory, options);
  const warning = imageWarning(outputs) ?? unpinnedWarning(outputs.unpinned);
  if (warning !== null) effects.warn(warning);
  if (plan.requireVerified && outputs.verified !== "verified") {
    throw new VerifyError(outputs.reference, driftLine(outputs), outputs);
  }
  if (plan.push.length === 0) return outputs;
  const { engine, signal } = effects;
  const registry = registryAt(plan.timeouts.inspect);
  return await step(effects, plan.name, "push", () =>
    pushBuilt(engine, registry, outputs, plan.push, signal),
  );
}
