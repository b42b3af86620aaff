import { shortDigest } from "../../base/reference/digest";
import type { ImageId } from "../../base/reference/types";
import { clauseWords, type Judgement } from "./clause";

/** What one reason was spent on: a promotion that was let through by it. */
export interface Spent {
  reason: string;
  imageId: ImageId;
  expectedRevision: string | null;
  /** As Docker prints them. */
  targets: string[];
  /** Engine by its endpoint or context; null is the user's current one. */
  host: string | null;
  /** Another promotion has followed: the reason is good for nothing any more. */
  over?: true;
}

/** A promotion that a reason is given for. */
export type Use = Omit<Spent, "reason" | "over"> & { reason: string | null };

/** Whether it is still about the image, and the expectation, that the reason was spent on. */
const isSameImage = (before: Spent, use: Use): boolean =>
  before.imageId === use.imageId &&
  before.expectedRevision === use.expectedRevision &&
  before.host === use.host;

/** Whether it is the very promotion that the reason was spent on, so that its tags may be healed. */
const isSamePromotion = (before: Spent, use: Use): boolean =>
  before.over !== true &&
  isSameImage(before, use) &&
  use.targets.every((target) => before.targets.includes(target));

/**
 * Lets a promotion pass by an operator's reason although clauses say no. A reason is good for one promotion; what it was
 * spent on it goes on covering, until another one has followed. The clauses and the verdict stay as they are.
 *
 * @param spent what this resource's reasons were spent on so far, the newest last
 */
export function overridden(judgement: Judgement, use: Use, spent: readonly Spent[]): Judgement {
  const { reason } = use;
  if (judgement.ok || reason === null) return { ...judgement, override: null };
  const before = spent.findLast((each) => each.reason === reason);
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
 * What the reasons are spent on after a promotion that passed. One that was given and not needed is spent as well: left in
 * the program, it would let through what comes next, of which nobody has thought.
 */
export function spentAfter(spent: readonly Spent[], use: Use): Spent[] {
  const kept = spent.map((each) => (isSameImage(each, use) ? each : { ...each, over: true as const }));
  const { reason } = use;
  if (reason === null || kept.some((each) => each.reason === reason)) return kept;
  return [...kept, { ...use, reason }];
}

/** What has to be said of a promotion that a reason was given for; null when none was. */
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
    "overrideReason is given, but nothing needs overriding; it is spent all the same: take it out";
  return { severity: "info", words };
}
