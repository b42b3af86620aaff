import { resolve } from "node:path";
import { spawnVerification } from "../../build/background/spawn";
import { VerifyError } from "../../base/errors/verify-error";
import { PushFailedError } from "../../build/functions/push-built";
import { buildWith } from "../../build/functions/build-reproducible";
import type { ImageInputs } from "../../inputs/image-inputs";
import { backgroundDetail } from "../../build/roundtrip/background-words";
import type { Effects } from "../../build/roundtrip/effects";
import { observeBuild, type Observation, type RecordedBuild } from "../../build/roundtrip/observe";
import type { ImageOutputs } from "../../build/roundtrip/outputs";
import { observePush, type PushObservation } from "../../engines/registry/observe-push";
import { imageWarning, verifiedLine } from "../../build/roundtrip/warning";
import { noDrift } from "../../store/verification";
import { checkImage } from "./image-check";
import { diffImage } from "./image-diff";
import { initFailed } from "../host/init-failed";
import {
  echoed,
  engineFor,
  registryFor,
  stackConcurrency,
  userInputs,
  type Properties,
} from "../host/properties";
import { rowSteps } from "../host/row-steps";
import { same } from "../host/same";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { rowLog, type RowLog } from "../host/row-log";
import { isWatched } from "../host/watched";

function recorded(state: Properties): RecordedBuild | null {
  const { name, timestamp, reference, imageId, lockHash } = state as Record<string, string | undefined>;
  if (!name || !timestamp || !reference || !imageId || !lockHash) return null;
  return { name, timestamp, reference, imageId, lockHash };
}

async function observeState(state: Properties, inputs: Properties): Promise<Observation | null> {
  const build = recorded(state);
  if (build === null || isUnknown(inputs.root)) return null;
  return await observeBuild(engineFor(inputs), resolve(inputs.root as string), build);
}

/** What became of what was pushed; an input that is not known yet, or a change of the list, speaks for itself. */
async function observePushed(olds: Properties, news: Properties): Promise<PushObservation> {
  const references = (news.push ?? []) as string[];
  if (isUnknown([references, news.timeouts]) || !same(olds.push ?? [], references))
    return { drift: [], doubt: null };
  const digest = typeof olds.digest === "string" ? olds.digest : null;
  return await observePush(registryFor(news), references, digest);
}

async function diff(
  _id: string,
  olds: Properties,
  news: Properties,
): Promise<{ changes: boolean; replaces: string[] }> {
  const log = rowLog(news.resourceUrn);
  const found = diffImage(olds, news, await observeState(olds, news));
  for (const words of found.drift) log.write("warning", `drift: ${words}`);
  const pushed = await observePushed(olds, news);
  for (const words of pushed.drift) log.write("warning", `drift: ${words}`);
  if (pushed.doubt !== null) {
    log.write("warning", `can't tell whether the image is still in its registry: ${pushed.doubt}`);
  }
  if (found.doubt !== null) {
    log.write("warning", `can't tell whether the image is still there: ${found.doubt}`);
  }
  const state = olds as unknown as ImageOutputs;
  const demanded = news.requireVerified === true && state.verified !== "verified";
  const drifted = found.drift.length + pushed.drift.length > 0;
  const changes = found.inputs.length > 0 || drifted || demanded;
  if (found.underWay !== null) log.write("warning", found.underWay);
  const warning =
    found.underWay === null ? imageWarning({ ...state, drift: state.drift ?? noDrift() }) : null;
  if ((!changes || demanded) && warning !== null) log.write("warning", warning);
  await log.flush();
  return { changes, replaces: found.inputs.includes("name") ? ["name"] : [] };
}

function effectsFor(inputs: Properties, log: RowLog, signal: AbortSignal): Effects {
  return {
    engine: engineFor(inputs),
    now: () => new Date(),
    report: rowSteps(log, isWatched()),
    warn: (message) => log.write("warning", message),
    note: (_name, words) => log.write("step", words),
    concurrency: stackConcurrency(inputs).limit,
    detach: spawnVerification,
    signal,
  };
}

/** Runs the round trip; an unverified result under `requireVerified` fails, with the evidence in state. */
async function apply(inputs: Properties, anew = false): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  try {
    const own = userInputs(inputs) as unknown as ImageInputs;
    const outputs = await cancellable((signal) =>
      buildWith(effectsFor(inputs, log, signal), own, process.cwd(), { anew }),
    );
    if (outputs.verified === "verified") log.write("info", verifiedLine(outputs));
    return { ...echoed(inputs), ...outputs };
  } catch (error) {
    if (!(error instanceof VerifyError || error instanceof PushFailedError)) throw error;
    const outputs = error.evidence as ImageOutputs;
    throw initFailed(error, String(inputs.name), { ...echoed(inputs), ...outputs });
  } finally {
    await log.flush();
  }
}

/** True when the state has a verdict on a build, and the store now has another one: a rebuild decides. */
async function isContested(olds: Properties, news: Properties): Promise<boolean> {
  if (olds.verified === "unknown") return false;
  const observed = await observeState(olds, news);
  if (observed?.answer !== "so" || observed.verification.background?.phase === "running") return false;
  return observed.verification.state !== olds.verified;
}

/** Refresh: an image that is surely gone leaves the state; whatever can't be told leaves it as it is. */
async function read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }> {
  const observed = await observeState(props, props);
  if (observed?.answer === "different" && observed.gone) return {};
  if (observed?.answer !== "so") return { id, props };
  const { state, drift, reason } = observed.verification;
  if (state === props.verified) return { id, props };
  return { id, props: { ...props, verified: state, drift, reason } };
}

/** The image, its lock and its evidence stay: other stacks and running containers may use them. */
async function remove(_id: string, props: Properties): Promise<void> {
  const log = rowLog(props.resourceUrn);
  const kept = `${String(props.reference)} and its evidence in ${String(props.root)}`;
  log.write("info", `${kept} stay where they are; remove them by hand when nothing needs them`);
  const observed = await observeState(props, props).catch(() => null);
  const background = observed?.answer === "so" ? observed.verification.background : undefined;
  if (background?.phase === "running") {
    const detail = backgroundDetail(background, String(props.root));
    log.write("info", `${detail}; it goes on, and leaves its verdict in the store`);
  }
  await log.flush();
}

/** The methods that the serialised shell calls. */
export const image = {
  check: checkImage,
  diff,
  read,
  create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs) }),
  update: async (_id: string, olds: Properties, news: Properties) => ({
    outs: await apply(news, await isContested(olds, news)),
  }),
  delete: remove,
};
