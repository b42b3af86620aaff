import { storedContext } from "../../engines/docker/stored-context";
import { isVerifiedImagesError } from "../../base/errors/base";
import { warningText } from "../../base/words/warning";
import type { InputFailure } from "../../inputs/failure";
import { checkStagingInputs } from "../../stage/inputs/staging-inputs";
import { checkOutOfReach } from "../../stage/inputs/staging-reach";
import { nameAside, OWNER_LABEL } from "../../stage/release";
import { stagingDrift, type LiveStaging } from "../../stage/live";
import { pluginElsewhere } from "../../stage/plugin-engine";
import {
  containersFor,
  endpointFor,
  userInputs,
  withoutEnv,
  type CheckAnswer,
  type Properties,
} from "../host/properties";
import { differ } from "../host/same";
import { checkCompose, composePaths } from "./staging-compose";
import { leftBehind } from "./staging-moved";
import { machineFor } from "./staging-machine";
import { readStep, STEPS } from "./staging-steps";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { rowLog } from "../host/row-log";

const RELEASE_ANEW = "Run `pulumi up`: it releases and checks anew.";
/** Properties that the component adds and that are not checked as inputs. */
const UNCHECKED = ["phase", "imageId", "settings", "composed", "timeouts", "env"];
/** A change of any of these needs a new release: they make up the container, its health check and its check. */
const COMPARED = [
  "name",
  "port",
  "containerPort",
  "healthPath",
  "healthTimeout",
  "checkCommand",
  "checkTimeout",
  "address",
  "checkSsh",
  "imageId",
  "settings",
  "host",
  "compose",
  "composed",
];

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** Checks the inputs, in preview and update alike: staging must not take what is production's. Nothing is touched. */
async function check(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const own = Object.entries(userInputs(news)).filter(([name]) => !UNCHECKED.includes(name));
  const failures = checkStagingInputs(Object.fromEntries(own), isUnknown);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (failures.length === 0 && !isUnknown(news.name) && !isUnknown(news.host)) {
    try {
      failures.push(...(await unfit(news, isNew)));
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      // A release that is in the state can be previewed without its engine.
      if (isNew) failures.push({ property: "image.host", reason: error.message });
    }
  }
  if (failures.length > 0 || news.compose === undefined) return { inputs: composePaths(news), failures };
  return await checkCompose(olds ?? {}, composePaths(news));
}

/** Why staging can't be on this engine or have this name. Warns when a green release will replace somebody's container. */
async function unfit(inputs: Properties, isNew: boolean): Promise<InputFailure[]> {
  const endpoint = await endpointFor(inputs);
  const elsewhere = await pluginOf(inputs, endpoint);
  if (elsewhere !== null) return [{ property: "image.host", reason: elsewhere }];
  const { address, checkSsh } = inputs;
  if (!isUnknown(address) && !isUnknown(checkSsh)) {
    const unreached = checkOutOfReach({ host: endpoint, address, checkSsh });
    if (unreached.length > 0) return unreached.map(({ reason }) => ({ property: "staging.address", reason }));
  }
  if (!isNew) return [];
  const there = await containersFor(inputs).find(String(inputs.name));
  if (there === null) return [];
  const owner = there.labels[OWNER_LABEL];
  if (owner !== undefined && owner !== inputs.resourceUrn) {
    const reason = `the container ${there.name} belongs to another release (${owner}); choose another name, or remove it`;
    return [{ property: "staging.name", reason }];
  }
  const log = rowLog(inputs.resourceUrn);
  log.write(
    "warning",
    warningText({
      what: `a green release replaces the container ${there.name}`,
      why: "It is there already, and no release of this package has made it.",
      todo: "To keep it, choose another `staging.name`.",
    }),
  );
  await log.flush();
  return [];
}

/** Why @pulumi/docker would make the container on another engine. With compose it makes none, so only our client counts. */
async function pluginOf({ host, compose }: Properties, endpoint: string): Promise<string | null> {
  const { DOCKER_HOST, DOCKER_CONTEXT } = process.env;
  const context = isNothing(compose) ? DOCKER_CONTEXT : undefined;
  return pluginElsewhere({
    host: typeof host === "string" ? host : null,
    endpoint,
    env: { DOCKER_HOST, DOCKER_CONTEXT: context },
    stored: context ? await storedContext(context) : null,
  });
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const log = rowLog(news.resourceUrn);
  let drift: string | null = null;
  let live: LiveStaging | null = null;
  try {
    const containers = containersFor(olds);
    const name = String(olds.name);
    live = { current: await containers.find(name), aside: await containers.find(nameAside(name)) };
    drift = stagingDrift(readStep(STEPS.recorded, olds), live);
    if (drift !== null) log.write("warning", `drift: ${drift}\n  ${RELEASE_ANEW}`);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    log.write(
      "warning",
      warningText({
        what: `can't tell what staging runs: ${error.message}`,
        why: "Until that can be told, staging counts as unchanged.",
        todo: "Mend what is named above, and run `pulumi preview` again.",
      }),
    );
  }
  const left = await leftBehind(olds, news, live);
  if (left !== null) log.write("warning", left);
  await log.flush();
  return { changes: differ(olds, news, COMPARED) || drift !== null, replaces: [] };
}

/**
 * Sets aside the container that has the name (and the one that had the old name, if that has changed), and names a new
 * release. If @pulumi/docker makes the container next, this first tries whether the engine accepts it.
 */
async function release(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const machine = machineFor(inputs);
  const { name, port, containerPort, imageId, env, compose } = readStep(STEPS.slot, inputs);
  const old = olds === null ? null : readStep(STEPS.planned, olds);
  const planned = await machine.plan(name, { known: old?.before, formerly: old?.name });
  if (!compose) {
    const ports = [{ external: port, internal: containerPort ?? port }];
    await cancellable(() => machine.rehearse(planned, { imageId, env, ports }));
  }
  return { ...withoutEnv(inputs), release: planned.release, before: planned.before };
}

/** The first step of a staged release. */
export const slot = {
  check,
  diff,
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await release(inputs, null) }),
  update: async (_id: string, olds: Properties, news: Properties) => ({ outs: await release(news, olds) }),
  // Removes this release's container if it is still there, and what was set aside for it.
  delete: (_id: string, props: Properties) => machineFor(props).clear(readStep(STEPS.planned, props)),
};
