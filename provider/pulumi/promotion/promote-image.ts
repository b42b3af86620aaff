import { parseImageId } from "../../base/reference/digest";
import { isVerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { ImmutableTargetError, PromotionFailedError, PromotionRefusedError } from "../../promote/gate/errors";
import { untagOwn } from "../../promote/gate/untag-own";
import { splitTargets } from "../../promote/gate/routes";
import { moveTargets, takenTargets } from "../../promote/gate/candidate";
import type { PromotionInputs } from "../../promote/inputs/promotion-inputs";
import { initFailed } from "../host/init-failed";
import { targetsOf } from "./promotion-facts";
import { previousOf } from "./previous-of";
import { settle, spentBefore, spentWith } from "./promotion-override";
import { prepare, writeFailure, writeReceipt } from "./promotion-receipt";
import { candidateToPromote } from "./promotion-candidate";
import { shortId } from "./promotion-words";
import { onRecordedEngine } from "./recorded-engine";
import { adoptedAfter, adoptedIn, sayThatTheyStay, sayThatTheyWereThere } from "./tags-that-stay";
import { echoed, engineFor, registryFor, userInputs, type Properties } from "../host/properties";
import { same } from "../host/same";
import { rowLog, type RowLog } from "../host/row-log";

/** Where the promotion on record was made, seen from here. */
type Earlier = "here" | "elsewhere" | "can't tell";

/**
 * Whether the promotion on record was made on another engine; another name for the same one is none. Where the engine that
 * is on record can't be found any more, that can't be told of what is there.
 */
async function whereEarlier(olds: Properties | null, news: Properties): Promise<Earlier> {
  if (olds === null || same(olds.host, news.host)) return "here";
  const old = (olds.targets ?? []) as string[];
  if (splitTargets([...old, ...targetsOf(news)]).local.length === 0) return "here";
  const now = await engineFor(news).identity();
  try {
    if (olds.engineId === now.id) return "here";
    await onRecordedEngine(olds, old);
    return (await engineFor(olds).identity()).id === now.id ? "here" : "elsewhere";
  } catch (error) {
    if (!isVerifiedImagesError(error)) throw error;
    return "can't tell";
  }
}

/** Takes away what an earlier update had tagged, and this one does not name any more. */
async function drop(
  inputs: Properties,
  olds: Properties | null,
  earlier: Earlier,
  log: RowLog,
): Promise<void> {
  if (olds === null) return;
  const targets = targetsOf(inputs);
  const { local: all, remote } = splitTargets((olds.targets ?? []) as string[]);
  const gone = (target: string): boolean => !targets.includes(target);
  sayThatTheyStay(log, remote.filter(gone));
  const adopted = adoptedIn(olds);
  const local = all.filter((target) => !adopted.includes(target));
  sayThatTheyWereThere(
    log,
    all.filter((target) => adopted.includes(target) && (earlier !== "here" || gone(target))),
  );
  if (earlier === "can't tell") {
    const words = `${typeof olds.host === "string" ? olds.host : "the engine on record"} does not say which engine it is`;
    if (local.length > 0)
      log.write("warning", `${words}: ${local.join(", ")} stays there as it is, if that is another one`);
    return;
  }
  const dropped = earlier === "elsewhere" ? local : local.filter(gone);
  if (dropped.length === 0) return;
  const engine = engineFor(earlier === "elsewhere" ? olds : inputs);
  // The new targets are in place: what is left of the old ones must not make that undone.
  await untagOwn(engine, parseImageId(String(olds.imageId)), dropped).catch((error: unknown) => {
    log.write("warning", `${dropped.join(", ")} could not be removed: ${messageOf(error)}`);
  });
}

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
): Promise<Properties> {
  const log = rowLog(inputs.resourceUrn);
  const own = userInputs(inputs) as unknown as PromotionInputs;
  const targets = targetsOf(inputs);
  const places = { engine: engineFor(inputs), registry: registryFor(inputs) };
  await onRecordedEngine(inputs, targets);
  const candidate = await candidateToPromote(places, own, olds);
  const { verification, imageId, revision } = candidate;
  const spent = spentBefore(inputs, olds);
  const judgement = settle(candidate, inputs, spent, log);
  // What is overridden is heard whatever comes after it.
  await log.flush();
  if (!judgement.ok) throw new PromotionRefusedError(own.source, judgement);
  const immutable = own.immutable === true;
  if (immutable) {
    // Before anything is pushed; the targets are read once more in the moment before they are moved.
    const taken = await takenTargets(places, candidate, targets);
    if (taken.length > 0) throw new ImmutableTargetError(taken);
  }
  // Asked before anything is tagged: what fails after that would leave tags that no state knows of.
  const earlier = await whereEarlier(olds, inputs);
  await prepare(own.root);
  const known = { imageId, revision, verified: verification?.state ?? ("unknown" as const) };
  const urn = typeof inputs.resourceUrn === "string" ? inputs.resourceUrn : null;
  const { previous: before, digest } = await moveTargets(places, candidate, targets, {
    immutable,
    signal,
  }).catch(async (error: unknown) => {
    if (error instanceof PromotionFailedError) {
      await writeFailure({ inputs: own, judgement, urn }, known, error, log);
      await log.flush();
    }
    throw error;
  });
  const onRecord = earlier === "elsewhere" ? null : olds;
  const previous = previousOf(targets, before, { imageId, digest }, onRecord);
  const adopted = adoptedAfter(targets, before, [imageId, digest], onRecord);
  await drop(inputs, olds, earlier, log);
  log.write("info", `${targets.join(", ")} -> ${shortId(imageId)}: ${judgement.verdict}`);
  const outputs = {
    ...known,
    digest,
    targets,
    adopted,
    previous,
    promotedAt: new Date().toISOString(),
    verdict: judgement.verdict,
    override: judgement.override ?? null,
    spentReasons: spentWith(spent, inputs, imageId) ?? null,
  };
  const newly = targets.filter(
    (target) => ![imageId, digest].some((at) => at !== null && at === before[target]),
  );
  const unwritten = await writeReceipt({ inputs: own, judgement, outputs, moved: newly, urn }, log);
  await log.flush();
  const outs = { ...echoed(inputs), ...outputs };
  // The tags are there, so the state has to know of them.
  if (unwritten !== null) throw initFailed(unwritten, id ?? targets.join(","), outs);
  return outs;
}
