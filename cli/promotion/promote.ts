import { messageOf } from "../../provider/base/errors/message";
import { engineAt } from "../../provider/build/functions/effects";
import { registryAt } from "../../provider/engines/registry/registry-at";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { InputError } from "../../provider/inputs/failure";
import { moveTargets } from "../../provider/promote/apply/move-targets";
import { examineCandidate, takenTargets, type Candidate } from "../../provider/promote/gate/candidate";
import { DISABLED, type Judgement } from "../../provider/promote/gate/clause";
import {
  ImmutableTargetError,
  PromotionFailedError,
  PromotionRefusedError,
} from "../../provider/promote/gate/errors";
import { overridden, overrideWords } from "../../provider/promote/gate/override";
import { engineTags } from "../../provider/promote/apply/places";
import { splitTargets } from "../../provider/promote/gate/routes";
import type { PromotionPlan } from "../../provider/promote/inputs/promotion-inputs";
import { prepareReceipt } from "../../provider/promote/receipts/append";
import type { Made } from "../../provider/promote/receipts/receipt-of";
import { outputsLeft, writeReceipt } from "../../provider/promote/receipts/write";
import { dockerEffects } from "../../provider/stage/docker-effects";
import {
  lookAtService,
  restartService,
  serviceBack,
  type Service,
} from "../../provider/stage/restart-service";
import { warn } from "../output/warn";
import type { World } from "../world";
import { putBack } from "./put-back";
import { spentReasons } from "./spent-reasons";

/** A promotion that is asked for; its inputs have passed their check. */
export interface AskedPromotion {
  /** `targets` as Docker prints them; `root`, if any, absolute. */
  inputs: PromotionPlan;
  /** The service that is to run what was promoted; null: none is touched. */
  service: Service | null;
}

/** A promotion that was made. */
export interface Promoted {
  outputs: Made["outputs"];
  judgement: Judgement;
}

/** By what a candidate can be named that no one can move: its ID, or in a registry its digest. */
const fixedName = ({ imageId, manifest }: Candidate): string =>
  manifest === null ? imageId : `${manifest.repository}@${manifest.digest}`;

/**
 * The judgement with the operator's reason taken into account, if there is one.
 *
 * @throws {PromotionRefusedError} when it is a no
 * @throws {InputError} when a reason is given that nothing needs
 */
async function demandYes({ imageId, judgement }: Candidate, inputs: PromotionPlan): Promise<Judgement> {
  const { source, root, targets, expectedRevision = null, host = null } = inputs;
  const reason = inputs.overrideReason?.trim() ?? null;
  const spent = reason === null || root === undefined ? [] : await spentReasons(root);
  const settled = overridden(judgement, { reason, imageId, expectedRevision, targets, host }, spent);
  if (!settled.ok) throw new PromotionRefusedError(source, settled);
  if (reason !== null && !settled.override) {
    const why = "is given, but nothing needs overriding; leave it out. No tag was moved";
    throw new InputError([{ property: "--override-reason", reason: why }]);
  }
  return settled;
}

/** Says by what a promotion passes. */
function tell(world: World, judgement: Judgement, inputs: PromotionPlan): void {
  const { verdict, clauses } = judgement;
  const unchecked = `${DISABLED}: the image is tagged whatever revision it was built from`;
  const said = overrideWords(judgement, inputs.overrideReason?.trim() ?? null);
  const warnings = [
    ...(verdict === DISABLED ? [unchecked] : []),
    ...clauses.filter(({ warning }) => warning).map(({ message }) => message),
    ...(said === null ? [] : [said.words]),
  ];
  warn(world, warnings);
  if (verdict !== DISABLED && !judgement.override) world.err(`${verdict}\n`);
}

/**
 * Promotes as `PromotedImage` does: judges the image by all clauses, and once more by its ID in the moment before it tags
 * that ID; reads every target back, and writes the receipt.
 *
 * @throws {PromotionRefusedError} and other errors before anything is tagged
 * @throws {PromotionFailedError} when a target can't be moved, or the service does not come up; what could be was put back
 * @throws {ReceiptError} when everything is tagged, and the receipt is not written
 */
export async function promote(
  world: World,
  { inputs, service }: AskedPromotion,
  signal: AbortSignal,
): Promise<Promoted> {
  const { targets, root, immutable = false } = inputs;
  const inspect = inputs.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  const places = { engine: engineAt(inputs.host, inspect), registry: registryAt(inspect) };
  const effects = dockerEffects(inputs.host, inspect, (message) => warn(world, [message]));

  const first = await examineCandidate(places, inputs);
  await demandYes(first, inputs);
  if (immutable) {
    const taken = await takenTargets(places, first, targets);
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  const serving = service === null ? null : await lookAtService(effects, service);
  if (root !== undefined) await prepareReceipt(root);

  // Its name may stand for something else by now, and the store or the work tree may say something else.
  const candidate = await examineCandidate(places, inputs, fixedName(first));
  const judgement = await demandYes(candidate, inputs);
  tell(world, judgement, inputs);
  signal.throwIfAborted();
  const { imageId, revision } = candidate;
  const known = { imageId, revision, verified: candidate.verification?.state ?? ("unknown" as const) };

  const failed = async (error: PromotionFailedError): Promise<PromotionFailedError> => {
    if (root === undefined || error.left.length === 0) return error;
    const outputs = outputsLeft(known, error.left);
    const made = { inputs, judgement, outputs, moved: outputs.targets, urn: null, failed: error.message };
    await writeReceipt(root, world.env, made).then(
      (warnings) => warn(world, warnings),
      (unwritten: unknown) => warn(world, [messageOf(unwritten)]),
    );
    return error;
  };

  const { previous: before, digest } = await moveTargets(places, candidate, targets, {
    immutable,
    signal,
  }).catch(async (error: unknown) => {
    throw error instanceof PromotionFailedError ? await failed(error) : error;
  });
  try {
    // A registry's tag can't be taken back: what has come so far is done.
    if (splitTargets(targets).remote.length === 0) signal.throwIfAborted();
    if (serving !== null) await restartService(effects, serving, imageId);
  } catch (error) {
    const { words, left } = await putBack(engineTags(places.engine, imageId), before);
    const [one = null] = Object.values(before);
    if (serving !== null) words.push(await serviceBack(effects, serving, one));
    const all = [`promotion of ${imageId} failed: ${messageOf(error)}`, ...words].join("; ");
    throw await failed(new PromotionFailedError(all, { cause: error, left }));
  }

  const inPlace = (at: string | null): boolean => at === imageId || (at !== null && at === digest);
  const previous = Object.fromEntries(
    Object.entries(before).map(([target, at]) => [target, inPlace(at) ? null : at]),
  );
  const moved = targets.filter((target) => !inPlace(before[target] ?? null));
  const outputs = { ...known, digest, targets, previous, promotedAt: new Date().toISOString() };
  if (root !== undefined) {
    warn(world, await writeReceipt(root, world.env, { inputs, judgement, outputs, moved, urn: null }));
  }
  return { outputs, judgement };
}
