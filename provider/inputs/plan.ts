import { join, resolve } from "node:path";
import { DEFAULT_TIMEOUTS, type BuildPlan, type ImageInputs } from "./image-inputs";

/** Builds that a store keeps unless told otherwise. */
export const DEFAULT_RETAIN = 10;

/**
 * Applies the defaults to inputs that have passed the check. Pure.
 *
 * @param directory what relative paths are relative to
 */
export function makePlan(inputs: ImageInputs, directory: string): BuildPlan {
  const context = resolve(directory, inputs.context);
  return {
    layer: inputs.layer,
    context,
    recipe: inputs.recipe === undefined ? join(context, "Dockerfile") : resolve(directory, inputs.recipe),
    root: resolve(directory, inputs.root),
    host: inputs.host,
    buildArgs: { ...inputs.buildArgs },
    target: inputs.target ?? null,
    platform: inputs.platform ?? null,
    labels: { ...inputs.labels },
    secrets: { ...inputs.secrets },
    revision: inputs.revision ?? null,
    verify: inputs.verify ?? "inline",
    requireVerified: inputs.requireVerified ?? false,
    pin: "versions",
    retain: inputs.retain ?? DEFAULT_RETAIN,
    keep: inputs.keep ?? false,
    force: inputs.force ?? null,
    timeouts: { ...DEFAULT_TIMEOUTS, ...inputs.timeouts },
  };
}
