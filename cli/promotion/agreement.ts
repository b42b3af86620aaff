import { InputError } from "../../provider/inputs/failure";
import type { Candidate } from "../../provider/promote/gate/candidate";
import { DISABLED, type Judgement } from "../../provider/promote/gate/clause";
import { PromotionRefusedError } from "../../provider/promote/gate/errors";
import { overridden, overrideWords } from "../../provider/promote/gate/override";
import type { PromotionPlan } from "../../provider/promote/inputs/promotion-inputs";
import { untouchedWords } from "../../provider/promote/gate/routes";
import { nameInReceipts } from "../../provider/promote/receipts/target-name";
import { warn } from "../output/warn";
import type { World } from "../world";
import { spentReasons } from "./spent-reasons";

/**
 * Applies the operator's reason, if there is one, and refuses what the gate still refuses.
 *
 * @throws {PromotionRefusedError} when the gate refuses
 * @throws {InputError} when a reason is given that is not needed
 */
export async function demandAgreement(
  { imageId, judgement }: Candidate,
  inputs: PromotionPlan,
): Promise<Judgement> {
  const { source, root, targets, expectedRevision = null, host = null } = inputs;
  const reason = inputs.overrideReason?.trim() ?? null;
  const spent = reason === null || root === undefined ? [] : await spentReasons(root);
  const named = root === undefined ? targets : targets.map((target) => nameInReceipts(root, target));
  const settled = overridden(judgement, { reason, imageId, expectedRevision, targets: named, host }, spent);
  if (!settled.ok) throw new PromotionRefusedError(source, settled, untouchedWords(targets));
  if (reason !== null && !settled.override) {
    const why = "is given, but nothing needs overriding; leave it out. No tag was moved";
    throw new InputError([{ property: "--override-reason", reason: why }]);
  }
  return settled;
}

/** Prints why a promotion passes, with its warnings. */
export function printVerdict(world: World, judgement: Judgement, inputs: PromotionPlan): void {
  const { verdict, clauses } = judgement;
  const unchecked = `${DISABLED}: the image is tagged whatever revision it was built from`;
  const said = overrideWords(judgement, inputs.overrideReason?.trim() ?? null);
  const warnings = [
    ...(verdict === DISABLED ? [unchecked] : []),
    ...clauses.filter(({ warning }) => warning).map(({ message }) => message),
    ...(said === null ? [] : [said.words]),
  ];
  warn(world, warnings);
  if (verdict !== DISABLED && !judgement.override) world.err(`${verdict}\n`);
}
