import { shortDigest } from "../../base/reference/digest";
import { askedOnce } from "../../promote/gate/asked-once";
import { moveTargets } from "../../promote/apply/move-targets";
import { takenTargets } from "../../promote/gate/candidate";
import { ImmutableTargetError, PromotionFailedError, PromotionRefusedError } from "../../promote/gate/errors";
import { planOf } from "../../promote/inputs/promotion-inputs";
import { initFailed } from "../host/init-failed";
import { echoed, userInputs, type Properties } from "../host/properties";
import { rowLog } from "../host/row-log";
import { candidateToPromote } from "./candidate";
import { adoptedAfter, previousOf } from "./decide";
import { demandEngine, placesFor } from "./observe";
import { sayAll, settle } from "./override";
import { prepare, writeFailure, writeReceipt } from "./receipt";
import { promotedAt, readRecorded, readState } from "./state";
import { drop, whereEarlier } from "./take-away";

/**
 * Judges by image ID (or digest), tags that, reads every target back, and writes the receipt.
 *
 * @param id the resource's; null: it is made now, and named after its targets
 * @throws {PromotionRefusedError} and nothing was tagged
 * @throws {AnotherEngineError} when another engine answers than the one that was judged by
 * @throws {ImmutableTargetError} when a target stands for another image and may not be moved
 * @throws {ReceiptError} before anything is tagged, when no receipt could be written
 * @throws {PromotionFailedError} when a target can't be moved; those before it are put back, and what can't be has a receipt
 * @throws as a failed initialisation, which keeps the state, when everything is tagged and the receipt is not written
 */
export async function promote(
  inputs: Properties,
  olds: Properties | null,
  id: string | null,
  signal: AbortSignal,
): Promise<{ id: string; outs: Properties }> {
  const plan = planOf(userInputs(inputs));
  const before = olds === null ? null : readState(olds);
  const checked = readRecorded(inputs);
  const { targets, immutable } = plan;
  const log = rowLog(inputs.resourceUrn);

  const places = placesFor(plan);
  const seen = askedOnce(places);
  await demandEngine(seen, checked?.engineId ?? null, targets);
  const candidate = await candidateToPromote(seen, plan, before);
  const { verification, imageId, revision } = candidate;

  // What its check has just spent a reason on counts: the source's name may stand for another image by now.
  const spentBefore = (inputs.spentReasons ?? null) === null ? before?.spentReasons : checked?.spentReasons;
  const { judgement, said, spent } = settle(candidate, plan, spentBefore ?? []);
  sayAll(log, said);
  // What is overridden is heard whatever comes after it.
  await log.flush();
  if (!judgement.ok) throw new PromotionRefusedError(plan.source, judgement);
  if (immutable === true) {
    // Before anything is pushed; the targets are read once more in the moment before they are moved.
    const taken = await takenTargets(seen, candidate, targets);
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  // Asked before anything is tagged: what fails after that would leave tags that no state knows of.
  const earlier = await whereEarlier(seen, plan, before);
  await prepare(plan.root);

  const known = { imageId, revision, verified: verification?.state ?? ("unknown" as const) };
  const urn = typeof inputs.resourceUrn === "string" ? inputs.resourceUrn : null;
  const { previous: now, digest } = await moveTargets(places, candidate, targets, {
    immutable,
    signal,
  }).catch(async (error: unknown) => {
    if (error instanceof PromotionFailedError) {
      await writeFailure({ inputs: plan, judgement, urn }, known, error, log);
      await log.flush();
    }
    throw error;
  });
  if (before !== null) await drop(places, targets, before, earlier, log);

  const onRecord = earlier === "elsewhere" ? null : before;
  const outputs = {
    ...known,
    digest,
    targets,
    adopted: adoptedAfter(targets, now, { imageId, digest }, onRecord),
    previous: previousOf(targets, now, { imageId, digest }, onRecord),
    promotedAt: new Date().toISOString(),
    verdict: judgement.verdict,
    override: judgement.override ?? null,
    spentReasons: spent.length === 0 ? null : spent,
  };
  const moved = targets.filter((target) => now[target] !== promotedAt({ imageId, digest }, target));
  log.write("info", `${targets.join(", ")} -> ${shortDigest(imageId)}: ${judgement.verdict}`);
  const unwritten = await writeReceipt({ inputs: plan, judgement, outputs, moved, urn }, log);
  await log.flush();
  const made = { id: id ?? targets.join(","), outs: { ...echoed(inputs), ...outputs } };
  // The tags are there, so the state has to know of them.
  if (unwritten !== null) throw initFailed(unwritten, made.id, made.outs);
  return made;
}
