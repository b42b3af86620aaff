import { isVerifiedImagesError } from "../errors/base";
import { checkStagingInputs } from "../inputs/staging-inputs";
import { nameAside, newRelease, RELEASE_LABEL, type SetAside } from "../staging/release";
import { clearStaging, setAside } from "../staging/set-aside";
import { stagingDrift, type RecordedRelease } from "../staging/live";
import { containersFor, echoed, userInputs, type CheckAnswer, type Properties } from "./properties";
import { same } from "./same";
import { isUnknown } from "./unknowns";
import { voiceOf } from "./voice";

/** Properties of the slot that the component adds to what is checked. */
const BESIDE = ["phase", "imageId", "settings"];
/** A change of any of these is a new release. */
const COMPARED = ["name", "port", "imageId", "settings", "host", "production"];

const listOf = (value: unknown): SetAside[] => (Array.isArray(value) ? (value as SetAside[]) : []);

/** Refuses what is production's, in preview and update alike; nothing is touched. */
async function check(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const own = Object.entries(userInputs(news)).filter(([name]) => !BESIDE.includes(name));
  const failures = checkStagingInputs(Object.fromEntries(own), isUnknown);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (isNew && failures.length === 0 && !isUnknown(news.name) && !isUnknown(news.host)) {
    try {
      const there = await containersFor(news).find(String(news.name));
      if (there !== null && there.labels[RELEASE_LABEL] === undefined) {
        const voice = voiceOf(news.resourceUrn);
        voice.say(
          "warning",
          `${there.name} is there already, made by someone else; a green release replaces it`,
        );
        await voice.flush();
      }
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      failures.push({ property: "image.host", reason: error.message });
    }
  }
  return { inputs: news, failures };
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const changed = COMPARED.filter((name) => !same(olds[name], news[name]));
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
  const replaces = changed.includes("host") ? ["host"] : [];
  return { changes: changed.length > 0 || drift !== null, replaces };
}

/** Sets aside what has the name (and, after a renaming, what had the old one), and names a new release. */
async function release(inputs: Properties, olds: Properties | null): Promise<Properties> {
  const containers = containersFor(inputs);
  const known = listOf(olds?.before);
  const names = new Set([String(inputs.name), ...(olds === null ? [] : [String(olds.name)])]);
  const before: SetAside[] = [];
  for (const name of names) before.push(...(await setAside(containers, name, known)));
  return { ...echoed(inputs), release: newRelease(), before };
}

/** Takes staging away: the container of this release, if it still is that one, and what was set aside by it. */
async function remove(_id: string, props: Properties): Promise<void> {
  await clearStaging(containersFor(props), String(props.name), String(props.release));
}

/** The first step of a staged release. */
export const slot = {
  check,
  diff,
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await release(inputs, null) }),
  update: async (_id: string, olds: Properties, news: Properties) => ({ outs: await release(news, olds) }),
  delete: remove,
};
