import { spawnVerification } from "../../build/background/spawn";
import { buildAndJudge } from "../../build/functions/build-reproducible";
import { warningText } from "../../base/words/warning";
import { backgroundDetail } from "../../build/roundtrip/background-words";
import type { Effects } from "../../build/roundtrip/effects";
import { imageWarning, verifiedLine } from "../../build/roundtrip/warning";
import type { Engine, Images } from "../../engines/engine";
import { hashOfFile } from "../../store/verification";
import { observePush, type PushObservation } from "../../engines/registry/observe-push";
import { InputError } from "../../inputs/failure";
import type { BuildPlan } from "../../inputs/image-inputs";
import { readFromOf } from "../../inputs/read-from";
import { knownInputs, planImage } from "../../inputs/plan";
import { ignoredIn } from "../host/ignored";
import { initFailed } from "../host/init-failed";
import { echoed, stackConcurrency, userInputs, type CheckAnswer, type Properties } from "../host/properties";
import { rowSteps } from "../host/row-steps";
import { logDrift } from "../host/log-drift";
import { rowLog, type RowLog } from "../host/row-log";
import { same } from "../host/same";
import { cancellable } from "../host/shutdown";
import { isUnknown } from "../host/unknowns";
import { isWatched } from "../host/watched";
import { letGo } from "./let-go";
import { checkImage } from "./image-check";
import { diffImage, NO_LOCK, type ImageDiff } from "./image-diff";
import { readState, type ImageState } from "./image-state";
import { engineOf, imagesOf, REAL_WORLD, type ImageWorld } from "./image-world";
import { observeBuild, type Observation } from "./inspect-state";
import { withSecretInputs } from "./secret-names";

/** The inputs, or those parts of a state, that are known and valid. */
const known = (inputs: Properties): Partial<BuildPlan> => knownInputs(inputs, process.cwd(), isUnknown);

async function observeState(
  engine: Images,
  state: ImageState | null,
  { root }: Partial<BuildPlan>,
): Promise<Observation | null> {
  return state === null || root === undefined ? null : await observeBuild(engine, root, state);
}

/** Whether the store now has another verdict on the build than the state. If so, a rebuild decides. */
async function isContested(
  engine: Images,
  state: ImageState | null,
  plan: Partial<BuildPlan>,
): Promise<boolean> {
  if (state === null || state.verified === "unknown") return false;
  const observed = await observeState(engine, state, plan);
  if (observed?.answer !== "so" || observed.verification.background?.phase === "running") return false;
  return observed.verification.state !== state.verified;
}

/** A question that has no answer now. Its reason often says itself what to do. */
const doubtText = (what: string, doubt: string): string =>
  warningText({
    what: `${what}: ${doubt}`,
    why: "Until that can be told, the image counts as unchanged.",
    todo: "Mend what is named above, and run `pulumi preview` again.",
  });

/** Says what is not as the last update left it, and what can't be told; a preview and a refresh say the same. */
function logFound(
  log: RowLog,
  { drift, doubt, underWay }: ImageDiff,
  pushed: PushObservation,
  ignored: boolean,
): void {
  for (const one of [...drift, ...pushed.drift]) logDrift(log, one, ignored);
  if (pushed.doubt !== null) {
    log.write("warning", doubtText("can't tell whether the image is still in its registry", pushed.doubt));
  }
  if (doubt !== null) log.write("warning", doubtText("can't tell whether the image is still there", doubt));
  if (underWay !== null) log.write("warning", warningText(underWay));
}

/** An image as a dynamic resource. */
export function imageResource(world: ImageWorld) {
  /** Whether the pushed image is still in its registries. Not asked when `push` has changed or is not known yet. */
  async function observePushed(olds: Properties, news: Properties): Promise<PushObservation> {
    const { push = [], timeouts } = known(news);
    if (push.length === 0 || timeouts === undefined || !same(olds.push ?? [], news.push ?? []))
      return { drift: [], doubt: null };
    return await observePush(world.registryAt(timeouts.inspect), push, readState(olds)?.digest ?? null);
  }

  async function diff(
    _id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: boolean; replaces: string[] }> {
    const log = rowLog(news.resourceUrn);
    const state = readState(olds);
    const wanted = known(news);
    const found = diffImage(olds, news, await observeState(imagesOf(world, wanted), state, wanted));
    const pushed = await observePushed(olds, news);
    for (const words of found.own) log.write("info", words);
    const ignored = ignoredIn(news).includes("live");
    logFound(log, found, pushed, ignored);
    const demanded = news.requireVerified === true && state?.verified !== "verified";
    const drifted = !ignored && found.drift.length + pushed.drift.length > 0;
    const changes = found.inputs.length > 0 || drifted || demanded;
    const warning = found.underWay === null && state !== null ? imageWarning(state) : null;
    if ((!changes || demanded) && warning !== null) log.write("warning", warning);
    await log.flush();
    return { changes, replaces: found.inputs.includes("name") ? ["name"] : [] };
  }

  function effectsFor(
    engine: Engine,
    inputs: Properties,
    holder: Effects["holder"],
    log: RowLog,
    signal: AbortSignal,
  ): Effects {
    return {
      engine,
      reader: world.reader,
      now: () => new Date(),
      report: rowSteps(log, isWatched()),
      warn: (message) => log.write("warning", message),
      note: (_name, words) => log.write("step", words),
      tell: (words) => log.write("info", words),
      concurrency: stackConcurrency(inputs).limit,
      detach: spawnVerification,
      signal,
      holder,
    };
  }

  /** Runs the round trip. An image that is not verified fails under `requireVerified`; its outputs stay in the state. */
  async function apply(inputs: Properties, olds: Properties | null): Promise<Properties> {
    const state = olds === null ? null : readState(olds);
    const moved = olds !== null && (olds.root !== inputs.root || olds.resourceUrn !== inputs.resourceUrn);
    const before = moved ? null : (state?.timestamp ?? null);
    const { resourceUrn: urn } = inputs;
    const holder = typeof urn === "string" ? { urn, before } : undefined;
    const log = rowLog(inputs.resourceUrn);
    try {
      const directory = process.cwd();
      const read = world.reader.recipe;
      const { plan: planned, recipe, failures } = await planImage(userInputs(inputs), directory, { read });
      if (planned === null) throw new InputError(failures);
      const plan = withSecretInputs(planned, inputs);
      const engine = engineOf(world, plan);
      const anew = await isContested(
        plan.engine === "apptainer" ? imagesOf(world, plan) : engine,
        state,
        plan,
      );
      const { outputs, failure, fromCache } = await cancellable((signal) =>
        buildAndJudge(effectsFor(engine, inputs, holder, log, signal), plan, directory, {
          ...{ anew, recipe, readFrom: readFromOf(inputs.readFrom) },
        }),
      );
      // The update may have written the lock.
      const committed =
        plan.lock === null ? {} : { committedLockHash: (await hashOfFile(plan.lock)) ?? NO_LOCK };
      const properties = { ...echoed(inputs), ...outputs, ...committed };
      if (failure !== null) throw initFailed(failure, plan.name, properties);
      if (outputs.verified === "verified") log.write("info", verifiedLine(outputs, fromCache));
      if (moved) await letGo(olds, log);
      return properties;
    } finally {
      await log.flush();
    }
  }

  /**
   * Refresh: drops the state only if the image is gone for certain; in doubt the state stays as it is. A verdict that was
   * awaited is taken over. Everything else stays for the diff, which Pulumi asks for next, so that it shows as a difference.
   */
  async function read(id: string, props: Properties): Promise<{ id?: string; props?: Properties }> {
    const inputs = known(props);
    const observed = await observeState(imagesOf(world, inputs), readState(props), inputs);
    const log = rowLog(props.resourceUrn);
    if (observed?.answer === "different" && observed.gone) {
      logDrift(log, observed.warning);
      await log.flush();
      return {};
    }
    if (observed?.answer !== "so" || props.verified !== "unknown") return { id, props };
    const { state, drift, reason } = observed.verification;
    if (state === "unknown") return { id, props };
    log.write("info", `${state} meanwhile: the refresh takes this over into the state`);
    await log.flush();
    return { id, props: { ...props, verified: state, drift, reason } };
  }

  /** Removes nothing: other stacks and running containers may use the image, its lock and its evidence. */
  async function remove(_id: string, props: Properties): Promise<void> {
    const log = rowLog(props.resourceUrn);
    const kept = `${String(props.reference)} and its evidence in ${String(props.root)}`;
    log.write("info", `kept: ${kept}; remove them by hand when nothing needs them`);
    const inputs = known(props);
    const observed = await observeState(imagesOf(world, inputs), readState(props), inputs).catch(() => null);
    const background = observed?.answer === "so" ? observed.verification.background : undefined;
    if (background?.phase === "running") {
      const detail = backgroundDetail(background, String(props.root));
      log.write("info", `${detail}; it goes on, and leaves its verdict in the store`);
    }
    await letGo(props, log);
    await log.flush();
  }

  return {
    check: (olds: Properties | undefined, news: Properties): Promise<CheckAnswer> =>
      checkImage(world, olds, news),
    diff,
    read,
    create: async (inputs: Properties) => ({ id: String(inputs.name), outs: await apply(inputs, null) }),
    update: async (_id: string, olds: Properties, news: Properties) => ({
      outs: await apply(news, olds),
    }),
    delete: remove,
  };
}

/** The methods that the provider stub calls. */
export const image = imageResource(REAL_WORLD);
