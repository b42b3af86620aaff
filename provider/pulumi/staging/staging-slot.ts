import { isLocalEndpoint, withoutUserinfo } from "../../engines/docker/endpoint";
import { isVerifiedImagesError } from "../../base/errors/base";
import type { InputFailure } from "../../inputs/failure";
import { checkStagingInputs } from "../../stage/inputs/staging-inputs";
import { checkOutOfReach } from "../../stage/inputs/staging-reach";
import { nameAside, newRelease, OWNER_LABEL, type SetAside } from "../../stage/release";
import { clearStaging, setAside, sweepUnnamed, undoElsewhere } from "../../stage/set-aside";
import { stagingDrift, type LiveStaging, type RecordedRelease } from "../../stage/live";
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
import { rehearsed } from "./staging-rehearsal";
import { isUnknown } from "../host/unknowns";
import { rowLog } from "../host/row-log";

/** Properties of the slot that the component adds to what is checked. */
const BESIDE = ["phase", "imageId", "settings", "composed", "timeouts", "env"];
/** A change of any of these is a new release: whatever the container, its health and its check are made of. */
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
const listOf = (value: unknown): SetAside[] => (Array.isArray(value) ? (value as SetAside[]) : []);

/** Refuses what is production's, in preview and update alike; nothing is touched. */
async function check(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const own = Object.entries(userInputs(news)).filter(([name]) => !BESIDE.includes(name));
  const failures = checkStagingInputs(Object.fromEntries(own), isUnknown);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (failures.length === 0 && !isUnknown(news.name) && !isUnknown(news.host)) {
    try {
      failures.push(...(await unfit(news, isNew)));
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      // One that is in the state can be previewed without its engine.
      if (isNew) failures.push({ property: "image.host", reason: error.message });
    }
  }
  if (failures.length > 0 || news.compose === undefined) return { inputs: composePaths(news), failures };
  return await checkCompose(olds ?? {}, composePaths(news));
}

/** Why staging can't be there: an engine that the plugin would not take, or somebody else's container. Warns of one that will be replaced. */
async function unfit(inputs: Properties, isNew: boolean): Promise<InputFailure[]> {
  const endpoint = await endpointFor(inputs);
  // @pulumi/docker takes DOCKER_HOST or this host's socket, and not what `docker context use` has selected.
  if (isNothing(inputs.host) && !process.env.DOCKER_HOST && !isLocalEndpoint(endpoint)) {
    const reason = `the current Docker context is at ${withoutUserinfo(endpoint)}; name that engine, for the staging container is made there`;
    return [{ property: "image.host", reason }];
  }
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
  log.write("warning", `${there.name} is there already; a green release replaces it`);
  await log.flush();
  return [];
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
    drift = stagingDrift(olds as unknown as RecordedRelease, live);
    if (drift !== null) log.write("warning", `drift: ${drift}; the next update releases and checks anew`);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    log.write("warning", `can't tell what staging runs: ${error.message}`);
  }
  const left = await leftBehind(olds, news, live);
  if (left !== null) log.write("warning", left);
  await log.flush();
  return { changes: differ(olds, news, COMPARED) || drift !== null, replaces: [] };
}

/** Sets aside what has the name (and, after a renaming, what had the old one), and names a new release. */
async function release(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const containers = containersFor(inputs);
  const known = listOf(olds?.before);
  const names = new Set([String(inputs.name), ...(olds === null ? [] : [String(olds.name)])]);
  const before: SetAside[] = [];
  for (const name of names) await sweepUnnamed(containers, name);
  await undoElsewhere(containers, String(inputs.name), known);
  for (const name of names) before.push(...(await setAside(containers, name, known)));
  const release = newRelease();
  await rehearsed(inputs, { name: String(inputs.name), release, before });
  return { ...withoutEnv(inputs), release, before };
}

/** Takes staging away: the container of this release, if it still is that one, and what was set aside by it. */
async function remove(_id: string, props: Properties): Promise<void> {
  const { name, release: own, before } = props;
  await clearStaging(containersFor(props), String(name), String(own), listOf(before));
}

/** The first step of a staged release. */
export const slot = {
  check,
  diff,
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await release(inputs, null) }),
  update: async (_id: string, olds: Properties, news: Properties) => ({ outs: await release(news, olds) }),
  delete: remove,
};
