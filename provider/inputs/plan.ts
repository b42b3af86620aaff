import { join, resolve } from "node:path";
import { DEFAULT_TIMEOUTS, type BuildPlan, type ImageInputs } from "./image-inputs";

/** Builds that a store keeps unless told otherwise. */
export const DEFAULT_RETAIN = 10;

/**
 * Applies the defaults to inputs that have passed the check; null counts as absent.
 *
 * @param directory what relative paths are relative to
 */
export function makePlan(inputs: ImageInputs, directory: string): BuildPlan {
  const context = resolve(directory, inputs.context);
  return {
    name: inputs.name,
    context,
    recipe: resolve(directory, inputs.recipe ?? join(context, "Dockerfile")),
    root: resolve(directory, inputs.root),
    host: inputs.host ?? undefined,
    buildArgs: { ...inputs.buildArgs },
    target: inputs.target ?? null,
    platform: inputs.platform ?? null,
    labels: { ...inputs.labels },
    secrets: { ...inputs.secrets },
    revision: inputs.revision ?? null,
    verify: inputs.verify ?? "inline",
    requireVerified: inputs.requireVerified ?? false,
    pin: "versions",
    push: [...(inputs.push ?? [])],
    retain: inputs.retain ?? DEFAULT_RETAIN,
    keep: inputs.keep ?? false,
    force: inputs.force ?? null,
    timeouts: {
      git: inputs.timeouts?.git ?? DEFAULT_TIMEOUTS.git,
      inspect: inputs.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect,
      rebuild: inputs.timeouts?.rebuild ?? DEFAULT_TIMEOUTS.rebuild,
    },
  };
}
