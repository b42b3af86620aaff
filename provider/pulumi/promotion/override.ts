import type { ImageId } from "../../base/reference/types";
import { warningText } from "../../base/words/warning";
import type { Candidate } from "../../promote/gate/candidate";
import { DISABLED, type Judgement } from "../../promote/gate/clause";
import { overridden, overrideWords, spentAfter, type Spent, type Use } from "../../promote/gate/override";
import type { PromotionPlan } from "../../promote/inputs/promotion-inputs";
import type { Severity } from "../host/engine-log";
import type { RowLog } from "../host/row-log";

/** The gate's judgement after an override reason, if one is given, was applied. */
export interface AppliedReason {
  judgement: Judgement;
  /** Messages for the user, which are shown whatever happens next. */
  said: { severity: Severity; words: string }[];
  /** The used-up reasons after this promotion; unchanged if it does not pass. */
  spent: Spent[];
}

/** The promotion as the override rules see it. */
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

/**
 * Applies the override reason, if one is given.
 *
 * @param spent the promotions that used up this resource's reasons so far
 */
export function applyReason(
  { imageId, judgement: gate }: Pick<Candidate, "imageId" | "judgement">,
  asked: Partial<PromotionPlan>,
  spent: readonly Spent[],
): AppliedReason {
  const use = useOf(asked, imageId);
  const judgement = overridden(gate, use, spent);
  const said = judgement.clauses.flatMap(({ warning, message }): AppliedReason["said"] =>
    warning === true ? [{ severity: "warning", words: message }] : [],
  );
  const override = overrideWords(judgement, use.reason);
  if (override !== null) said.push({ ...override, words: withTodo(override) });
  return { judgement, said, spent: judgement.ok ? spentAfter(spent, use) : [...spent] };
}

const withTodo = ({ severity, words }: AppliedReason["said"][number]): string =>
  severity === "warning"
    ? `${words}\n  After this update take overrideReason out: it is good for this one promotion.`
    : words;

/** The warning about a gate that is switched off; null: it is on. */
export const disabledWords = ({ verdict }: Judgement): string | null =>
  verdict === DISABLED
    ? warningText({
        what: `${DISABLED}: the image is tagged whatever its revision`,
        why: "The input `enabled` is false.",
        todo: "Take `enabled` out of the program to have the image judged again.",
      })
    : null;

export function logAll(log: RowLog, said: AppliedReason["said"]): void {
  for (const { severity, words } of said) log.write(severity, words);
}
