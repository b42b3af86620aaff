import { SourceMissingError } from "../../promote/gate/resolve-source";
import { examineCandidate, type Places, type Candidate } from "../../promote/gate/candidate";
import type { PromotionInputs } from "../../promote/inputs/promotion-inputs";
import { addressOf, namesRegistry } from "../../engines/registry/address";
import { targetsOf } from "./promotion-facts";
import { imageWords } from "./promotion-words";
import type { Properties } from "../host/properties";
import { same } from "../host/same";
import { SourceGoneError } from "./source-gone";
import { standingFacts } from "./standing";

/** By what the image at a target can be named for ever: its ID, or its digest in the target's repository. */
function nameAt(target: string, at: string): string {
  return namesRegistry(target) ? `${addressOf(target).repository}@${at}` : at;
}

/** The candidate under another name; null when there is surely no such image. */
async function underName(places: Places, own: PromotionInputs, source: string): Promise<Candidate | null> {
  try {
    return await examineCandidate(places, { ...own, source });
  } catch (error) {
    if (error instanceof SourceMissingError) return null;
    throw error;
  }
}

/**
 * What a preview is about. A source that is surely gone is what was promoted from it, as long as nothing else is asked
 * for and a target still stands for that: a preview does not know the state's image ID.
 *
 * @param olds the inputs of the promotion that there is; null: there is none
 * @throws {SourceMissingError} for a first promotion
 * @throws {SourceGoneError} when no target has what was promoted
 */
export async function candidateInPreview(
  places: Places,
  own: PromotionInputs,
  olds: Properties | null,
): Promise<Candidate> {
  try {
    return await examineCandidate(places, own);
  } catch (error) {
    if (!(error instanceof SourceMissingError) || own.targets.length === 0) throw error;
    if (olds === null) throw error;
    const inputs = own as unknown as Properties;
    const { targets } = await standingFacts(inputs, targetsOf(inputs));
    if (same(olds.source, own.source) && same(olds.host, own.host)) {
      const known = typeof olds.promotes === "string" ? olds.promotes : null;
      const there = Object.entries(targets).flatMap(([target, id]) => (id === null ? [] : [{ target, id }]));
      const found = new Map<string, Candidate>();
      for (const { target, id } of there) {
        const candidate = await underName(places, own, nameAt(target, id));
        if (candidate === null) continue;
        // States of older versions don't say what was promoted: then the targets have to agree.
        if (known === null || imageWords(candidate.imageId, candidate.revision) === known) {
          found.set(candidate.imageId, candidate);
        }
      }
      const [only] = found.values();
      if (found.size === 1 && only !== undefined) return only;
    }
    throw new SourceGoneError(error.message, targets);
  }
}

/**
 * What an update is about: what the source stands for or, where that is surely gone and is the one that was promoted
 * before, the image that was promoted. It is judged in any case.
 *
 * @param olds the state before; null: there is none
 * @throws {SourceMissingError} when there is no such image
 */
export async function candidateToPromote(
  places: Places,
  own: PromotionInputs,
  olds: Properties | null,
): Promise<Candidate> {
  try {
    return await examineCandidate(places, own);
  } catch (error) {
    if (!(error instanceof SourceMissingError) || olds === null || !same(olds.source, own.source))
      throw error;
    for (const target of (olds.targets as string[] | undefined) ?? []) {
      const at = namesRegistry(target) ? olds.digest : olds.imageId;
      const candidate = typeof at === "string" ? await underName(places, own, nameAt(target, at)) : null;
      if (candidate !== null) return candidate;
    }
    throw error;
  }
}
