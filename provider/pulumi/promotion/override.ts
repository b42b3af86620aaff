import type { ImageId } from "../../base/reference/types";
import type { Candidate } from "../../promote/gate/candidate";
import { DISABLED, type Judgement } from "../../promote/gate/clause";
import { overridden, overrideWords, spentAfter, type Spent, type Use } from "../../promote/gate/override";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { Severity } from "../host/engine-log";
import type { RowLog } from "../host/row-log";

/** What the gate says of an image once the operator's reason, if there is one, is taken into account. */
export interface Settled {
  judgement: Judgement;
  /** What has to be said aloud, whatever comes after it. */
  said: { severity: Severity; words: string }[];
  /** What the reasons are spent on once this promotion has passed; as before where it does not. */
  spent: Spent[];
}

/** The promotion for which a reason may be given. */
function useOf(asked: Partial<PromotionPlan>, imageId: ImageId): Use {
  const reason = asked.overrideReason?.trim() ?? "";
  return {
    reason: reason === "" ? null : reason,
    imageId,
    expectedRevision: asked.expectedRevision ?? null,
    targets: asked.targets ?? [],
    host: asked.host ?? null,
  };
}

/** @param spent what this promotion's reasons were spent on so far */
export function settle(
  { imageId, judgement: gate }: Pick<Candidate, "imageId" | "judgement">,
  asked: Partial<PromotionPlan>,
  spent: readonly Spent[],
): Settled {
  const use = useOf(asked, imageId);
  const judgement = overridden(gate, use, spent);
  const said = judgement.clauses.flatMap(({ warning, message }): Settled["said"] =>
    warning === true ? [{ severity: "warning", words: message }] : [],
  );
  const override = overrideWords(judgement, use.reason);
  if (override !== null) said.push(override);
  return { judgement, said, spent: judgement.ok ? spentAfter(spent, use) : [...spent] };
}

/** What is said of a gate that is switched off; null while it is on. */
export const disabledWords = ({ verdict }: Judgement): string | null =>
  verdict === DISABLED ? `${DISABLED}: the image is tagged whatever its revision (enabled is false)` : null;

export function sayAll(log: RowLog, said: Settled["said"]): void {
  for (const { severity, words } of said) log.write(severity, words);
}
