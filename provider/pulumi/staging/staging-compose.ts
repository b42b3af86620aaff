import { ComposeMissingError } from "../../engines/errors";
import { isVerifiedImagesError } from "../../base/errors/base";
import { makeByCompose, readService, type ComposeSettings } from "../../stage/compose-release";
import { serviceSettings, type ComposeWish } from "../../stage/compose-model";
import { makeFresh } from "../../stage/make";
import { NAME_LABEL, OWNER_LABEL, RELEASE_LABEL, type SetAside } from "../../stage/release";
import { settingsHash } from "../../stage/settings";
import { programPath } from "../host/program-paths";
import { composeFor, containersFor, withoutEnv, type CheckAnswer, type Properties } from "../host/properties";
import { differ } from "../host/same";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { rowLog } from "../host/row-log";

const known = <T>(value: unknown): T | undefined =>
  isUnknown(value) ? undefined : ((value as T | null | undefined) ?? undefined);

/** What the release wants of the service, as far as it is known. */
function wishOf(inputs: Properties): Omit<ComposeWish, "file" | "service" | "profile"> {
  return {
    name: known(inputs.name),
    port: known(inputs.port),
    containerPort: known(inputs.containerPort),
    production: known(inputs.production),
  };
}

/** The inputs with the paths of the compose settings in the form that is fit for state. */
export function composePaths(inputs: Properties): Properties {
  const { compose } = inputs;
  if (typeof compose !== "object" || compose === null) return inputs;
  const { file, worktree, ...others } = compose as Record<string, unknown>;
  const paths = { file: programPath(file, process.cwd()), worktree: programPath(worktree, process.cwd()) };
  return { ...inputs, compose: { ...others, ...paths } };
}

/**
 * Reads the compose file, refuses what is production's in it, and adds what the service is made of to the inputs, so
 * that a preview shows a change of it.
 */
export async function checkCompose(olds: Properties, news: Properties): Promise<CheckAnswer> {
  if (isUnknown(news.compose)) return { inputs: news, failures: [] };
  const settings = news.compose as ComposeSettings;
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
      log.write("warning", `can't tell whether the compose file has changed: ${error.message}`);
      await log.flush();
      return { inputs: { ...news, composed: olds.composed }, failures: [] };
    }
    return { inputs: news, failures: [{ property: "staging.compose", reason: error.message }] };
  }
}

/** Makes the container; red, it puts back what ran before, which nothing after it would do. */
async function apply(inputs: Properties): Promise<{ id: string; outs: Properties }> {
  const log = rowLog(inputs.resourceUrn);
  const containers = containersFor(inputs);
  const settings = inputs.compose as ComposeSettings;
  const name = String(inputs.name);
  const release = String(inputs.release);
  const before = (inputs.before as SetAside[] | undefined) ?? [];
  log.write("step", `making ${name} as ${settings.service} of ${settings.file}`);
  const labels = { [RELEASE_LABEL]: release, [OWNER_LABEL]: String(inputs.owner), [NAME_LABEL]: name };
  const env = (inputs.env as Record<string, string> | undefined) ?? {};
  const wanted = {
    settings,
    wish: { ...wishOf(inputs), name },
    imageId: String(inputs.imageId),
    env,
    labels,
  };
  try {
    const containerId = await cancellable(() =>
      makeFresh(containers, { name, release, before }, () =>
        makeByCompose(containers, composeFor(inputs), wanted),
      ),
    );
    return { id: name, outs: { ...withoutEnv(inputs), containerId } };
  } finally {
    await log.flush();
  }
}

/** The step that makes the container where a compose file says how; its start and its end are other steps'. */
export const compose = {
  check: (_olds: Properties | undefined, news: Properties): Promise<CheckAnswer> =>
    Promise.resolve({ inputs: composePaths(news), failures: [] }),
  diff: (_id: string, olds: Properties, news: Properties) =>
    // Everything else comes with another release.
    Promise.resolve({ changes: differ(olds, news, ["release", "imageId"]), replaces: [] }),
  create: (inputs: Properties) => apply(inputs),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: (await apply(news)).outs }),
  // The slot takes the container away.
  delete: () => Promise.resolve(),
};
