import { messageOf } from "../../provider/base/errors/message";
import { engineAt } from "../../provider/build/functions/effects";
import { leftBehindWords, type Brought } from "../../provider/engines/registry/attached/count";
import { registryAt } from "../../provider/engines/registry/registry-at";
import { DEFAULT_TIMEOUTS } from "../../provider/inputs/timeouts";
import { moveTargets } from "../../provider/promote/apply/move-targets";
import { examineCandidate, takenTargets, type Candidate } from "../../provider/promote/gate/candidate";
import type { Judgement } from "../../provider/promote/gate/clause";
import { ImmutableTargetError, PromotionFailedError } from "../../provider/promote/gate/errors";
import { engineTags } from "../../provider/promote/apply/places";
import { sifFiles } from "../../provider/promote/sif/files";
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
import { demandAgreement, printVerdict } from "./agreement";
import { putBack } from "./put-back";

/** A promotion that the user asks for; its inputs are checked. */
export interface AskedPromotion {
  /** Its `targets` are in Docker's short form; its `root`, if any, is absolute. */
  inputs: PromotionPlan;
  /** The service that is to run the promoted image; null: none. */
  service: Service | null;
}

/** A promotion that succeeded. */
export interface Promoted {
  outputs: Made["outputs"];
  judgement: Judgement;
  /** What came along to other repositories. */
  along: Brought[];
}

/** A name of a candidate that can't move: its ID, or in a registry its digest. Of a SIF image it is the file, which is hashed again. */
const fixedName = ({ imageId, manifest, file }: Candidate): string =>
  file !== null ? file : manifest === null ? imageId : `${manifest.repository}@${manifest.digest}`;

/**
 * Promotes as `PromotedImage` does: judges the image by all clauses, judges it again by its ID, points the targets at that
 * ID, reads every target back, and writes the receipt.
 *
 * @throws {PromotionRefusedError} when the gate refuses; this and other errors come before any tag is moved
 * @throws {PromotionFailedError} when a target can't be moved, or the service does not come up; tags were put back, and
 *   those that could not be are named
 * @throws {ReceiptError} when the tags were moved, but the receipt could not be written
 */
export async function promote(
  world: World,
  { inputs, service }: AskedPromotion,
  signal: AbortSignal,
): Promise<Promoted> {
  const { targets, root, immutable = false } = inputs;
  const inspect = inputs.timeouts?.inspect ?? DEFAULT_TIMEOUTS.inspect;
  const places = { engine: engineAt(inputs.host, inspect), registry: registryAt(inspect), sifs: sifFiles };
  const effects = dockerEffects(inputs.host, inspect, (message) => warn(world, [message]));

  const first = await examineCandidate(places, inputs);
  await demandAgreement(first, inputs);
  if (immutable) {
    const taken = await takenTargets(places, first, targets);
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  const serving = service === null ? null : await lookAtService(effects, service);
  if (root !== undefined) await prepareReceipt(root);

  // Judge again by a name that can't move, because the source's name, the store or the work tree may have changed.
  const candidate = await examineCandidate(places, inputs, fixedName(first));
  const judgement = await demandAgreement(candidate, inputs);
  printVerdict(world, judgement, inputs);
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

  const {
    previous: before,
    digest,
    along,
  } = await moveTargets(places, candidate, targets, {
    immutable,
    signal,
  }).catch(async (error: unknown) => {
    throw error instanceof PromotionFailedError ? await failed(error) : error;
  });
  try {
    // With tags in a registry or with files an interruption comes too late, because these can't be put back.
    const { remote, files } = splitTargets(targets);
    if (remote.length + files.length === 0) signal.throwIfAborted();
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
  warn(world, leftBehindWords(along));
  if (root !== undefined) {
    const made = { inputs, judgement, outputs, moved, along, urn: null };
    warn(world, await writeReceipt(root, world.env, made));
  }
  return { outputs, judgement, along };
}
