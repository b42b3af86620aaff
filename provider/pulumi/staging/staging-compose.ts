import { z } from "zod";
import { ComposeMissingError } from "../../engines/errors";
import { isVerifiedImagesError } from "../../base/errors/base";
import { warningText } from "../../base/words/warning";
import { readService } from "../../stage/compose-release";
import { serviceSettings } from "../../stage/compose-model";
import { STAGING_SHAPES } from "../../stage/inputs/staging-shapes";
import { OWNER_LABEL } from "../../stage/release";
import { settingsHash } from "../../stage/settings";
import { programPath } from "../host/program-paths";
import { composeFor, withoutEnv, type CheckAnswer, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { rowLog } from "../host/row-log";
import { machineFor } from "./staging-machine";
import { readStep, STEPS } from "./staging-steps";

/** What the release needs from the service, as far as it is known. */
const WISH = z.object({
  name: z.string().nullish(),
  port: z.number().nullish(),
  containerPort: z.number().nullish(),
  production: STAGING_SHAPES.production.nullish(),
});

function wishOf(inputs: Properties): z.infer<typeof WISH> {
  return readStep(WISH, Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isUnknown(value))));
}

/** The inputs with the paths of the compose settings in the form that is kept in the state. */
export function composePaths(inputs: Properties): Properties {
  const read = z.looseObject({ file: z.unknown(), worktree: z.unknown() }).safeParse(inputs.compose);
  if (!read.success) return inputs;
  const { file, worktree, ...others } = read.data;
  const paths = { file: programPath(file, process.cwd()), worktree: programPath(worktree, process.cwd()) };
  return { ...inputs, compose: { ...others, ...paths } };
}

/**
 * Reads the compose file, and refuses a service that takes production's name or port. A hash of the service's settings is
 * added to the inputs, so that a preview shows when they change.
 */
export async function checkCompose(olds: Properties, news: Properties): Promise<CheckAnswer> {
  if (isUnknown(news.compose)) return { inputs: news, failures: [] };
  const settings = readStep(STAGING_SHAPES.compose, news.compose);
  try {
    const { model, failures } = await readService(composeFor(news), settings, wishOf(news));
    return {
      inputs: { ...news, composed: settingsHash(serviceSettings(model, settings.service)) },
      failures,
    };
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    if (error instanceof ComposeMissingError && typeof olds.composed === "string") {
      const log = rowLog(news.resourceUrn);
      log.write(
        "warning",
        warningText({
          what: `can't tell whether the compose file has changed: ${error.message}`,
          why: "Until that can be told, it counts as unchanged.",
          todo: "Mend what is named above, and run `pulumi preview` again.",
        }),
      );
      await log.flush();
      return { inputs: { ...news, composed: olds.composed }, failures: [] };
    }
    return { inputs: news, failures: [{ property: "staging.compose", reason: error.message }] };
  }
}

/** Makes the container. If that is red, it puts back what ran before, because no later step would run to do so. */
async function apply(inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const log = rowLog(inputs.resourceUrn);
  const step = readStep(STEPS.compose, inputs);
  const { name, compose: settings } = step;
  log.write("step", `making ${name} as ${settings.service} of ${settings.file}`);
  const labels = { [OWNER_LABEL]: step.owner };
  try {
    const { containerId } = await cancellable(() => machineFor(inputs).make(step, { ...step, labels }));
    return { id: name, outs: { ...withoutEnv(inputs), containerId } };
  } finally {
    await log.flush();
  }
}

/** The step that makes the container in a compose service. Other steps start and remove it. */
export const compose = {
  check: (_olds: Properties | undefined, news: Properties): Promise<CheckAnswer> =>
    Promise.resolve({ inputs: composePaths(news), failures: [] }),
  diff: (_id: string, olds: Properties, news: Properties) =>
    // Any other change makes a new release, and so changes `release`.
    Promise.resolve({ changes: differ(olds, news, ["release", "imageId"]), replaces: [] }),
  create: (inputs: Properties) => apply(inputs),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: (await apply(news)).outs }),
  // The step `slot` removes the container.
  delete: () => Promise.resolve(),
};
