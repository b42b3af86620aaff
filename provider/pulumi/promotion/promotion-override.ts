import type { Judgement } from "../../promote/gate/clause";
import { overridden, overrideWords, spentAfter, type Spent, type Use } from "../../promote/gate/override";
import { targetsOf } from "./promotion-facts";
import type { Properties } from "../host/properties";
import { isUnknown } from "../host/unknowns";
import type { RowLog } from "../host/row-log";

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What the reasons of a promotion were spent on, by its inputs or its state. */
const spentOf = (properties: Readonly<Properties>): Spent[] =>
  (properties.spentReasons as Spent[] | null | undefined) ?? [];

/** The promotion for which a reason may be given. */
function useOf(inputs: Readonly<Properties>, imageId: string): Use {
  const reason = text(inputs.overrideReason)?.trim() ?? null;
  return {
    reason: reason === "" ? null : reason,
    imageId,
    expectedRevision: text(inputs.expectedRevision),
    targets: isUnknown(inputs.targets) ? [] : targetsOf(inputs),
    host: text(inputs.host),
  };
}

/**
 * By what a promotion knows, in the moment before tagging, which reasons are spent. What its check has just spent one on
 * counts: the source's name may stand for another image by now, of which nobody has judged anything.
 *
 * @param olds what is on record of the promotion; null for a first one
 */
export function spentBefore(inputs: Readonly<Properties>, olds: Readonly<Properties> | null): Properties {
  return { spentReasons: inputs.spentReasons ?? olds?.spentReasons };
}

/**
 * The judgement with the operator's reason, if there is one, taken into account; warnings of clauses, and what is
 * overridden, are said aloud.
 *
 * @param known where `spentReasons` are, if any: the promotion on record, or `spentBefore`
 */
export function settle(
  { imageId, judgement }: { imageId: string; judgement: Judgement },
  inputs: Readonly<Properties>,
  known: Readonly<Properties>,
  log: RowLog,
): Judgement {
  const use = useOf(inputs, imageId);
  const settled = overridden(judgement, use, spentOf(known));
  for (const { warning, message } of settled.clauses) if (warning) log.write("warning", message);
  const said = overrideWords(settled, use.reason);
  if (said !== null) log.write(said.severity, said.words);
  return settled;
}

/**
 * What the reasons are spent on once this promotion has passed; undefined while that is nothing. Pulumi shows a check the
 * inputs on record alone, so that is where it is kept, and in the state as well.
 */
export function spentWith(
  known: Readonly<Properties>,
  inputs: Readonly<Properties>,
  imageId: string,
): Spent[] | undefined {
  const spent = spentAfter(spentOf(known), useOf(inputs, imageId));
  return spent.length === 0 ? undefined : spent;
}

/** Carries on, in the inputs, what reasons were spent on; a program can't set that itself. */
export function setSpent(inputs: Properties, spent: unknown): void {
  if (spent === undefined || spent === null) delete inputs.spentReasons;
  else inputs.spentReasons = spent;
}
