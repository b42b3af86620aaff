import { VerifiedImagesError } from "../../base/errors/base";
import { digestReference } from "../../base/reference/explicit";
import type { Digest, ImageId } from "../../base/reference/types";
import { addressOf, namesRegistry } from "../../engines/registry/address";
import { examineCandidate, type Candidate, type Places } from "../../promote/gate/candidate";
import { SourceMissingError } from "../../promote/gate/resolve-source";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import { targetsNow, type TargetsNow } from "./observe";
import { promotedAt, type PromotionState, type Recorded } from "./state";
import { whereWords } from "./words";

/** The source is gone, and no target has what was promoted from it. Code `source-missing`. */
export class SourceGoneError extends VerifiedImagesError {
  constructor(message: string, targets: TargetsNow) {
    super("source-missing", `${message}; ${whereWords(targets)}`);
  }
}

/** By what the image at a target can be named for ever: its ID, or its digest in the target's repository. */
function nameAt(target: string, at: Digest): string {
  return namesRegistry(target) ? digestReference(addressOf(target).repository, at) : at;
}

/** The candidate under another name; null when there is surely no such image. */
async function underName(places: Places, own: PromotionPlan, source: string): Promise<Candidate | null> {
  try {
    return await examineCandidate(places, { ...own, source });
  } catch (error) {
    if (error instanceof SourceMissingError) return null;
    throw error;
  }
}

/** The image that was promoted before, where a target still has it; null when none has. */
async function stillThere(
  places: Places,
  own: PromotionPlan,
  targets: TargetsNow,
  promoted: ImageId,
): Promise<Candidate | null> {
  for (const [target, at] of Object.entries(targets)) {
    // A registry names an image by another digest than the engine: there it has to be looked at.
    if (at === null || (!namesRegistry(target) && at !== promoted)) continue;
    const candidate = await underName(places, own, nameAt(target, at));
    if (candidate !== null && [candidate.imageId, candidate.manifest?.digest].includes(promoted))
      return candidate;
  }
  return null;
}

/**
 * What a preview is about. A source that is surely gone is what was promoted from it, as long as nothing else is asked
 * for and a target still stands for that.
 *
 * @param before the inputs of the promotion that there is; null: there is none
 * @returns gone: the source is not there any more
 * @throws {SourceMissingError} for a first promotion
 * @throws {SourceGoneError} when no target has what was promoted
 */
export async function candidateInPreview(
  places: Places,
  own: PromotionPlan,
  before: Recorded | null,
): Promise<{ candidate: Candidate; gone: boolean }> {
  try {
    return { candidate: await examineCandidate(places, own), gone: false };
  } catch (error) {
    if (!(error instanceof SourceMissingError) || own.targets.length === 0 || before === null) throw error;
    const targets = await targetsNow(places, own.targets);
    const isSame = before.source === own.source && before.host === (own.host ?? null);
    const known = isSame ? before.promotesId : null;
    const candidate = known === null ? null : await stillThere(places, own, targets, known);
    if (candidate === null) throw new SourceGoneError(error.message, targets);
    return { candidate, gone: true };
  }
}

/**
 * What an update is about: what the source stands for or, where that is surely gone and is the one that was promoted
 * before, the image that was promoted. It is judged in any case.
 *
 * @param before null: there is no promotion yet
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
    if (!(error instanceof SourceMissingError) || before?.source !== own.source) throw error;
    for (const target of before.targets) {
      const candidate = await underName(places, own, nameAt(target, promotedAt(before, target)));
      if (candidate !== null) return candidate;
    }
    throw error;
  }
}
