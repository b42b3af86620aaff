import { shortDigest } from "../../base/reference/digest";
import { hideCredentials } from "../../base/words/credentials";
import type { ImageId } from "../../base/reference/types";
import { clauseWords, type Judgement } from "./clause";

/** A promotion that used up a reason. */
export interface Spent {
  reason: string;
  imageId: ImageId;
  expectedRevision: string | null;
  /** In Docker's short form (`web-app:production`). */
  targets: string[];
  /** The engine's endpoint or context; null: the user's current one. */
  host: string | null;
  /** Another promotion has followed, so the reason covers nothing any more. */
  over?: true;
}

/** A promotion, with the reason that was given for it, if any. */
export type Use = Omit<Spent, "reason" | "over"> & { reason: string | null };

/** Whether it is the same reason. In a receipt credentials are hidden. */
const isSameReason = (before: Spent, reason: string): boolean =>
  hideCredentials(before.reason) === hideCredentials(reason);

/** Whether it promotes the same image, with the same expected revision, on the same engine. */
const isSameImage = (before: Spent, use: Use): boolean =>
  before.imageId === use.imageId &&
  before.expectedRevision === use.expectedRevision &&
  before.host === use.host;

/** Whether it repeats the promotion that used up the reason. That may be repeated, to repair its tags. */
const isSamePromotion = (before: Spent, use: Use): boolean =>
  before.over !== true &&
  isSameImage(before, use) &&
  use.targets.every((target) => before.targets.includes(target));

/**
 * Lets a promotion pass because an operator gave a reason, although clauses refuse it. A reason is good for one promotion.
 * It goes on covering that promotion until another one follows. The clauses and the verdict stay as they are.
 *
 * @param spent the promotions that used up this resource's reasons so far, the newest last
 */
export function overridden(judgement: Judgement, use: Use, spent: readonly Spent[]): Judgement {
  const { reason } = use;
  if (judgement.ok || reason === null) return { ...judgement, override: null };
  const before = spent.findLast((each) => isSameReason(each, reason));
  if (before === undefined || isSamePromotion(before, use)) {
    const refused = judgement.clauses
      .filter(({ ok }) => !ok)
      .map(({ property, message }) => clauseWords(property, message));
    return { ...judgement, ok: true, override: { reason, refused } };
  }
  const expected = shortDigest(before.expectedRevision ?? "") || "none";
  const message =
    `${JSON.stringify(reason)} was spent on image ${shortDigest(before.imageId)} (expected revision ${expected}) ` +
    `for ${before.targets.join(", ")}; one reason lets one promotion pass: mend what is refused, or give a new reason`;
  const clause = { property: "overrideReason", ok: false, message };
  return { ...judgement, clauses: [...judgement.clauses, clause], override: null };
}

/**
 * The used-up reasons after a promotion that passed. A reason that was given but not needed is used up too: if it stayed
 * good, it would let through a later promotion that nobody had in mind when writing it.
 */
export function spentAfter(spent: readonly Spent[], use: Use): Spent[] {
  const kept = spent.map((each) => (isSameImage(each, use) ? each : { ...each, over: true as const }));
  const { reason } = use;
  if (reason === null || kept.some((each) => isSameReason(each, reason))) return kept;
  return [...kept, { ...use, reason }];
}

/** What the user is told about an override; null: no reason was given, or the promotion is refused anyway. */
export function overrideWords(
  judgement: Judgement,
  reason: string | null,
): { severity: "warning" | "info"; words: string } | null {
  if (reason === null) return null;
  if (judgement.override) {
    const { refused } = judgement.override;
    const list = refused.map((message, index) => `(${index + 1}) ${message}`).join(" ");
    const words = `GATE OVERRIDDEN: this promotion passes although the gate refuses it. Reason given: ${JSON.stringify(reason)}. Refused: ${list}`;
    return { severity: "warning", words };
  }
  if (!judgement.ok) return null;
  const words =
    "overrideReason is given, but nothing needs overriding; it is used up nevertheless, so take it out";
  return { severity: "info", words };
}
