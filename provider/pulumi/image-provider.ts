import { resolve } from "node:path";
import { buildWith } from "../functions/build-reproducible";
import { engineAt } from "../functions/effects";
import { VerifyError } from "../errors/verify-error";
import { isVerifiedImagesError } from "../errors/base";
import { checkImageInputs } from "../inputs/check-image";
import { DEFAULT_TIMEOUTS, type ImageInputs, type Timeouts } from "../inputs/image-inputs";
import { makePlan } from "../inputs/plan";
import { readFile } from "node:fs/promises";
import { stepWords, type Effects } from "../roundtrip/effects";
import { observeBuild, type Observation, type RecordedBuild } from "../roundtrip/observe";
import type { ImageOutputs } from "../roundtrip/outputs";
import { hashRecipe, readContext } from "../roundtrip/source";
import { imageWarning, verifiedLine } from "../roundtrip/warning";
import { latestBuild } from "../store/builds";
import { StoreError } from "../store/errors";
import { buildPaths } from "../store/paths";
import { readRecord } from "../store/record";
import { diffImage } from "./image-diff";
import { initFailed } from "./init-failed";
import { programPaths } from "./program-paths";
import { cancellation } from "./shutdown";
import { isUnknown } from "./unknowns";
import { voiceOf, type Voice } from "./voice";

type Properties = Record<string, unknown>;

interface CheckAnswer {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

function engineFor(inputs: Properties): ReturnType<typeof engineAt> {
  const timeouts = inputs.timeouts as Partial<Timeouts> | undefined;
  const seconds = timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  return engineAt(isUnknown(inputs.host) ? null : (inputs.host as string | null), seconds);
}

/** The user's inputs without what Pulumi and this package add. */
function ownInputs(properties: Properties): ImageInputs {
  const rest = { ...properties };
  for (const name of ["__provider", "resourceUrn", "recipeHash", "contextHash", "live"]) delete rest[name];
  return rest as unknown as ImageInputs;
}

function recorded(state: Properties): RecordedBuild | null {
  const { layer, timestamp, reference, imageId, lockHash } = state as Record<string, string | undefined>;
  if (!layer || !timestamp || !reference || !imageId || !lockHash) return null;
  return { layer, timestamp, reference, imageId, lockHash };
}

/** The build that the store has as this layer's latest, looked up in the world, in words for the diff. */
async function liveWords(inputs: Properties): Promise<string> {
  const root = resolve(inputs.root as string);
  const layer = inputs.layer as string;
  const timestamp = await latestBuild(root, layer);
  const record = timestamp === null ? null : await readRecord(buildPaths(root, layer, timestamp).record);
  if (record === null) return "not built yet";
  const observed = await observeBuild(engineFor(inputs), root, record);
  if (observed.answer === "so") return `in place, ${observed.verification.state}`;
  return observed.answer === "different" ? observed.words : `can't tell: ${observed.words}`;
}

/** Judges the inputs in preview and update alike; nothing is built or written. */
async function check(olds: Properties | undefined, news: Properties): Promise<CheckAnswer> {
  const directory = process.cwd();
  const inputs = programPaths(news, directory);
  const voice = voiceOf(news.resourceUrn);
  const failures = await checkImageInputs(ownInputs(inputs) as unknown as Properties, directory, isUnknown);
  const isNew = Object.keys(olds ?? {}).length === 0;
  if (!failures.some(({ property }) => property === "host" || property.startsWith("timeouts"))) {
    try {
      await engineFor(inputs).identity();
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      if (isNew) failures.push({ property: "host", reason: error.message });
    }
  }
  if (failures.length > 0) return { inputs: news, failures };
  if (!["recipe", "context", "root"].some((name) => isUnknown(inputs[name]))) {
    const plan = makePlan(ownInputs(inputs), directory);
    inputs.recipeHash = hashRecipe(await readFile(plan.recipe, "utf8"));
    try {
      inputs.contextHash = (await readContext(plan)).contextHash;
      if (!isUnknown(inputs.layer)) inputs.live = await liveWords(inputs);
    } catch (error) {
      if (!isVerifiedImagesError(error)) throw error;
      const property = error instanceof StoreError ? "root" : "context";
      return { inputs: news, failures: [{ property, reason: error.message }] };
    }
  }
  await voice.flush();
  return { inputs, failures };
}

async function observeState(state: Properties, inputs: Properties): Promise<Observation | null> {
  const build = recorded(state);
  if (build === null || isUnknown(inputs.root)) return null;
  return await observeBuild(engineFor(inputs), resolve(inputs.root as string), build);
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const voice = voiceOf(news.resourceUrn);
  const found = diffImage(olds, news, await observeState(olds, news));
  for (const words of found.drift) voice.say("warning", `drift: ${words}`);
  if (found.doubt !== null)
    voice.say("warning", `can't tell whether the image is still there: ${found.doubt}`);
  const state = olds as unknown as ImageOutputs & { layer: string };
  const demanded = news.requireVerified === true && state.verified !== "verified";
  const changes = found.inputs.length > 0 || found.drift.length > 0 || demanded;
  const quiet = !changes || demanded;
  const warning = imageWarning(state.layer, state);
  if (quiet && warning !== null) voice.say("warning", warning);
  await voice.flush();
  return { changes, replaces: found.inputs.includes("layer") ? ["layer"] : [] };
}

function effectsFor(inputs: Properties, voice: Voice): Effects {
  return {
    engine: engineFor(inputs),
    now: () => new Date(),
    report: (event) => voice.say("info", stepWords(event)),
    warn: (message) => voice.say("warning", message),
    signal: cancellation(),
  };
}

/** Runs the round trip; an unverified result under `requireVerified` fails, with the evidence in state. */
async function apply(inputs: Properties): Promise<Properties> {
  const voice = voiceOf(inputs.resourceUrn);
  const echo: Properties = { ...inputs };
  delete echo.live;
  try {
    const outputs = await buildWith(effectsFor(inputs, voice), ownInputs(inputs), process.cwd());
    if (outputs.verified === "verified") voice.say("info", verifiedLine(outputs));
    return { ...echo, ...outputs };
  } catch (error) {
    if (error instanceof VerifyError) {
      const outputs = error.evidence as ImageOutputs;
      throw initFailed(error, String(inputs.layer), { ...echo, ...outputs });
    }
    throw error;
  } finally {
    await voice.flush();
  }
}

async function read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }> {
  const observed = await observeState(props, props);
  if (observed?.answer === "different" && observed.gone) return {};
  if (observed?.answer !== "so") return { id, props };
  const { state, drift, reason } = observed.verification;
  if (state === props.verified) return { id, props };
  return { id, props: { ...props, verified: state, drift, reason } };
}

/** The methods that the serialised shell calls. */
export const image = {
  check,
  diff,
  read,
  create: async (inputs: Properties) => ({ id: String(inputs.layer), outs: await apply(inputs) }),
  update: async (_id: string, _olds: Properties, news: Properties) => ({ outs: await apply(news) }),
  /** The image, its lock and its evidence stay: other stacks and running containers may use them. */
  delete: async (_id: string, props: Properties) => {
    const voice = voiceOf(props.resourceUrn);
    voice.say(
      "info",
      `${String(props.reference)} and its evidence in ${String(props.root)} stay; remove them by hand`,
    );
    await voice.flush();
  },
};
