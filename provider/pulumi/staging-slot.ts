import { isLocalEndpoint } from "../engine/docker/endpoint";
import { isVerifiedImagesError } from "../errors/base";
import type { InputFailure } from "../inputs/failure";
import { checkStagingInputs } from "../inputs/staging-inputs";
import { nameAside, newRelease, OWNER_LABEL, type SetAside } from "../staging/release";
import { clearStaging, setAside, undoElsewhere } from "../staging/set-aside";
import { stagingDrift, type RecordedRelease } from "../staging/live";
import {
  containersFor,
  echoed,
  endpointFor,
  userInputs,
  type CheckAnswer,
  type Properties,
} from "./properties";
import { differ } from "./same";
import { isUnknown } from "./unknowns";
import { voiceOf } from "./voice";

/** Properties of the slot that the component adds to what is checked. */
const BESIDE = ["phase", "imageId", "settings"];
/** A change of any of these is a new release: whatever the container, its health and its check are made of. */
const COMPARED = [
  "name",
  "port",
  "containerPort",
  "healthPath",
  "healthTimeout",
  "checkCommand",
  "checkTimeout",
  "imageId",
  "settings",
  "host",
];

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
  return { inputs: news, failures };
}

/** Why staging can't be there: another host, or somebody else's container. Warns of one that will be replaced. */
async function unfit(inputs: Properties, isNew: boolean): Promise<InputFailure[]> {
  const endpoint = await endpointFor(inputs);
  if (!isLocalEndpoint(endpoint)) {
    const reason = `the engine is at ${endpoint}, and a staged release on another host is not supported yet`;
    return [{ property: "image.host", reason }];
  }
  if (!isNew) return [];
  const there = await containersFor(inputs).find(String(inputs.name));
  if (there === null) return [];
  const owner = there.labels[OWNER_LABEL];
  if (owner !== undefined && owner !== inputs.resourceUrn) {
    const reason = `the container ${there.name} belongs to another release (${owner}); choose another name, or remove it`;
    return [{ property: "staging.name", reason }];
  }
  const voice = voiceOf(inputs.resourceUrn);
  voice.say("warning", `${there.name} is there already; a green release replaces it`);
  await voice.flush();
  return [];
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const voice = voiceOf(news.resourceUrn);
  let drift: string | null = null;
  try {
    const containers = containersFor(olds);
    const name = String(olds.name);
    const [current, aside] = [await containers.find(name), await containers.find(nameAside(name))];
    drift = stagingDrift(olds as unknown as RecordedRelease, { current, aside });
    if (drift !== null) voice.say("warning", `drift: ${drift}; the next update releases and checks anew`);
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    voice.say("warning", `can't tell what staging runs: ${error.message}`);
  }
  await voice.flush();
  return { changes: differ(olds, news, COMPARED) || drift !== null, replaces: [] };
}

/** Sets aside what has the name (and, after a renaming, what had the old one), and names a new release. */
async function release(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const containers = containersFor(inputs);
  const known = listOf(olds?.before);
  const names = new Set([String(inputs.name), ...(olds === null ? [] : [String(olds.name)])]);
  const before: SetAside[] = [];
  await undoElsewhere(containers, String(inputs.name), known);
  for (const name of names) before.push(...(await setAside(containers, name, known)));
  return { ...echoed(inputs), release: newRelease(), before };
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
