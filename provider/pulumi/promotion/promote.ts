import { broughtWords, leftBehindWords } from "../../engines/registry/attached/count";
import { askedOnce } from "../../promote/gate/asked-once";
import { moveTargets } from "../../promote/apply/move-targets";
import { takenTargets } from "../../promote/gate/candidate";
import { ImmutableTargetError, PromotionFailedError, PromotionRefusedError } from "../../promote/gate/errors";
import { untouchedWords } from "../../promote/gate/routes";
import { planOf } from "../../promote/inputs/promotion-inputs";
import { initFailed } from "../host/init-failed";
import { echoed, userInputs, type Properties } from "../host/properties";
import { rowLog } from "../host/row-log";
import { candidateToPromote } from "./candidate";
import { adoptedAfter, previousOf } from "./decide";
import { demandEngine, placesFor } from "./observe";
import { logAll, applyReason } from "./override";
import { remember } from "./owners";
import { prepare, writeFailure, writeReceipt } from "./receipt";
import { promotedAt, readRecorded, readState } from "./state";
import { drop, whereEarlier } from "./take-away";
import { promotedLine } from "./words";

/**
 * Judges an image by its ID (or digest), points the targets at exactly that, reads every target back, and writes the
 * receipt.
 *
 * @param id the resource's ID; null: it is created now, and gets the targets as its ID
 * @throws {PromotionRefusedError} when the gate refuses; no tag was moved
 * @throws {AnotherEngineError} when another engine answers than the one that was checked
 * @throws {SwitchedStoreError} when it keeps its images in another store than then
 * @throws {ImmutableTargetError} when `immutable` is set and a target points at another image; no tag was moved
 * @throws {ReceiptError} when no receipt can be written; no tag was moved
 * @throws {PromotionFailedError} when a target can't be moved; those before it are put back, and a receipt names the rest
 * @throws an error of `initFailed`, which keeps the state, when the tags were moved but the receipt could not be written
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
  await demandEngine(seen, checked, targets);
  const candidate = await candidateToPromote(seen, plan, before);
  const { verification, imageId, revision } = candidate;

  // Take the reasons that the check has just used up: the source may point at another image by now.
  const spentBefore = (inputs.spentReasons ?? null) === null ? before?.spentReasons : checked?.spentReasons;
  const { judgement, said, spent } = applyReason(candidate, plan, spentBefore ?? []);
  logAll(log, said);
  // The warning about an override must be shown even if something fails next.
  await log.flush();
  if (!judgement.ok) throw new PromotionRefusedError(plan.source, judgement, untouchedWords(targets));
  if (immutable === true) {
    // Checked before anything is pushed. The targets are read once more right before they are moved.
    const taken = await takenTargets(seen, candidate, targets);
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  // Asked before any tag is moved: a failure after that would leave tags that are in no state.
  const earlier = await whereEarlier(seen, plan, before);
  await prepare(plan.root);

  const known = { imageId, revision, verified: verification?.state ?? ("unknown" as const) };
  const urn = typeof inputs.resourceUrn === "string" ? inputs.resourceUrn : null;
  const {
    previous: now,
    digest,
    along,
  } = await moveTargets(places, candidate, targets, {
    immutable,
    signal,
  }).catch(async (error: unknown) => {
    if (error instanceof PromotionFailedError) {
      await writeFailure({ inputs: plan, judgement, urn }, known, error, log);
      await log.flush();
    }
    throw error;
  });
  remember(checked?.engineId ?? null, targets, urn);
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
  const came = broughtWords(along);
  const moreWords = came === null ? "" : `; ${came}`;
  log.write("info", `${promotedLine(targets, imageId, judgement)}${moreWords}`);
  for (const words of leftBehindWords(along)) log.write("warning", words);
  const unwritten = await writeReceipt({ inputs: plan, judgement, outputs, moved, along, urn }, log);
  await log.flush();
  const made = { id: id ?? targets.join(","), outs: { ...echoed(inputs), ...outputs } };
  // The tags were moved, so the state must have them although the receipt is missing.
  if (unwritten !== null) throw initFailed(unwritten, made.id, made.outs);
  return made;
}
