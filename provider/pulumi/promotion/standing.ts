import { SourceMissingError } from "../../promote/gate/resolve-source";
import type { PromotionFacts } from "./promotion-diff";
import { factsOf } from "./promotion-facts";
import type { Properties } from "../host/properties";
import { UNKNOWN } from "../host/unknowns";

/** What a promotion's targets and source are, and whether its source is surely gone. */
export interface Standing extends PromotionFacts {
  sourceGone: boolean;
}

/**
 * Where the targets point, and which image the source stands for; a source that is surely gone is an answer.
 *
 * @throws {VerifiedImagesError} when it can't be told
 */
export async function standingFacts(inputs: Properties, targets: readonly string[]): Promise<Standing> {
  try {
    return { ...(await factsOf(inputs, targets)), sourceGone: false };
  } catch (error) {
    if (!(error instanceof SourceMissingError)) throw error;
    return { ...(await factsOf({ ...inputs, source: UNKNOWN }, targets)), sourceGone: true };
  }
}
