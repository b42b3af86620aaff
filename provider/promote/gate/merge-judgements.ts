import type { Clause, Judgement } from "./clause";

/** What the gate says of one platform's image. */
export interface PlatformJudgement {
  platform: string;
  judgement: Judgement;
}

/**
 * One judgement on all images of an index: every clause must hold for each. What is said of all alike is said once,
 * anything else with the platform's name. The verdict is that of the first image that is refused, else the first.
 *
 * @param each at least one
 */
export function mergeJudgements(each: readonly PlatformJudgement[]): Judgement {
  const [first] = each;
  if (first === undefined) throw new Error("an image without platforms has no judgement");
  if (each.length === 1) return first.judgement;
  const key = (clause: Clause): string => JSON.stringify([clause.property, clause.ok, clause.message]);
  const clauses: Clause[] = [];
  const said = new Set<string>();
  for (const { platform, judgement } of each) {
    for (const clause of judgement.clauses) {
      const shared = each.every((other) => other.judgement.clauses.some((own) => key(own) === key(clause)));
      if (shared && said.has(key(clause))) continue;
      said.add(key(clause));
      clauses.push(shared ? clause : { ...clause, message: `${platform}: ${clause.message}` });
    }
  }
  const deciding = each.find(({ judgement }) => !judgement.ok) ?? first;
  return {
    ...deciding.judgement,
    ok: each.every(({ judgement }) => judgement.ok),
    clauses,
  };
}
