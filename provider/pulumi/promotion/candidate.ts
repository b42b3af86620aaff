import { VerifiedImagesError } from "../../base/errors/base";
import { digestReference } from "../../base/reference/explicit";
import { isSifPath } from "../../base/reference/sif-path";
import type { Digest, ImageId } from "../../base/reference/types";
import { addressOf, namesRegistry } from "../../engines/registry/address";
import { examineCandidate, type Candidate, type Places } from "../../promote/gate/candidate";
import { isSourceMissing } from "../../promote/gate/resolve-source";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import { targetsNow, type TargetsNow } from "./observe";
import { promotedAt, type PromotionState, type Recorded } from "./state";
import { whereWords } from "./words";

/** The source does not exist any more, and no target has the image that was promoted from it. Code `source-missing`. */
export class SourceGoneError extends VerifiedImagesError {
  constructor(message: string, targets: TargetsNow) {
    super("source-missing", `${message}; ${whereWords(targets)}`);
  }
}

/** A name for the image at a target that can't move: its ID, or its digest in the target's repository. Of a file it is the path. */
function nameAt(target: string, at: Digest): string {
  if (isSifPath(target)) return target;
  return namesRegistry(target) ? digestReference(addressOf(target).repository, at) : at;
}

/** The candidate under another name; null: there is no such image. */
async function underName(places: Places, own: PromotionPlan, source: string): Promise<Candidate | null> {
  try {
    return await examineCandidate(places, { ...own, source });
  } catch (error) {
    if (isSourceMissing(error)) return null;
    throw error;
  }
}

/** The image that was promoted before, found at a target that still has it; null: no target has it. */
async function stillThere(
  places: Places,
  own: PromotionPlan,
  targets: TargetsNow,
  promoted: ImageId,
): Promise<Candidate | null> {
  for (const [target, at] of Object.entries(targets)) {
    // A registry knows the image by another digest than the engine, so there the image itself is read.
    if (at === null || (!namesRegistry(target) && at !== promoted)) continue;
    const candidate = await underName(places, own, nameAt(target, at));
    if (candidate !== null && [candidate.imageId, candidate.manifest?.digest].includes(promoted))
      return candidate;
  }
  return null;
}

/**
 * The image that a preview is about. If the source is gone, it is the image that was promoted from it, provided that source
 * and host are the same as then, and a target still points at that image.
 *
 * @param before the recorded inputs of the promotion; null: this is the first one
 * @returns the candidate; `gone`: its source does not exist any more
 * @throws {SourceMissingError} for a first promotion whose source does not exist
 * @throws {SourceGoneError} when no target has the image that was promoted
 */
export async function candidateInPreview(
  places: Places,
  own: PromotionPlan,
  before: Recorded | null,
): Promise<{ candidate: Candidate; gone: boolean }> {
  try {
    return { candidate: await examineCandidate(places, own), gone: false };
  } catch (error) {
    if (!isSourceMissing(error) || own.targets.length === 0 || before === null) throw error;
    const targets = await targetsNow(places, own.targets);
    const isSame = before.source === own.source && before.host === (own.host ?? null);
    const known = isSame ? before.promotesId : null;
    const candidate = known === null ? null : await stillThere(places, own, targets, known);
    if (candidate === null) throw new SourceGoneError(error.message, targets);
    return { candidate, gone: true };
  }
}

/**
 * The image that an update promotes: the one that the source points at. If the source is gone and is the same as before, it
 * is the image that was promoted before. It is judged in any case.
 *
 * @param before the promotion in the state; null: this is the first one
 * @throws {SourceMissingError} when there is no such image
 */
export async function candidateToPromote(
  places: Places,
  own: PromotionPlan,
  before: PromotionState | null,
): Promise<Candidate> {
  try {
    return await examineCandidate(places, own);
  } catch (error) {
    if (!isSourceMissing(error) || before?.source !== own.source) throw error;
    for (const target of before.targets) {
      const promoted = promotedAt(before, target);
      const candidate = await underName(places, own, nameAt(target, promoted));
      // A path says nothing of what is there now.
      if (candidate !== null && (candidate.file === null || candidate.imageId === promoted)) return candidate;
    }
    throw error;
  }
}
