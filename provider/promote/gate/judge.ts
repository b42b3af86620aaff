import type { ImageFacts } from "../../engines/engine";
import type { CommitFacts } from "../../base/git/commit";
import { isFullRevision } from "../../base/revision/revision";
import type { Verification } from "../../store/verified-state";
import { DISABLED, type Clause, type Judgement } from "./clause";
import { commitClauses, type CommitInput } from "./commit-clauses";
import { originClause, type LabelOrigin } from "./own-label";
import { provenanceVerdict, REVISION_LABEL } from "../../base/revision/verdict";

/** Everything that one image is judged by. */
export interface Evidence {
  image: ImageFacts;
  expectedRevision: string | null;
  /** false: the provenance clauses are left out. */
  enabled: boolean;
  /** What the store says of this image; null when that is not asked for. */
  verification: Verification | null;
  /** Where the image has its label from; null, or absent, when that is not asked for, or there is no label. */
  origin?: LabelOrigin | null;
  /** What the work tree says of the expected revision; null, or absent, when that is not asked for. */
  commit?: { input: CommitInput; facts: CommitFacts } | null;
}

/** Whether there is a text at all, by the verdict's own measure. */
const given = (text: string | null): text is string =>
  text !== null && text.trim() !== "" && text.trim() !== "<no value>";

function provenanceClauses(evidence: Evidence): { verdict: string; clauses: Clause[] } {
  const expected = evidence.expectedRevision;
  const actual = evidence.image.labels[REVISION_LABEL] ?? null;
  const provenance = provenanceVerdict(expected, actual);
  const clauses: Clause[] = [{ property: "expectedRevision", ...provenance }];
  if (given(expected) && !isFullRevision(expected)) {
    clauses.push({
      property: "expectedRevision",
      ok: false,
      message:
        "is not a full git revision; expected exactly 40 or 64 lower-case hex digits (git rev-parse HEAD)",
    });
  }
  if (given(actual) && !isFullRevision(actual)) {
    clauses.push({
      property: "source",
      ok: false,
      message: `the image's label ${REVISION_LABEL} is not a full git revision`,
    });
  }
  if (given(actual) && evidence.origin) clauses.push(originClause(evidence.origin));
  if (evidence.commit) {
    clauses.push(...commitClauses(expected ?? "", evidence.commit.input, evidence.commit.facts));
  }
  return { verdict: provenance.message, clauses };
}

/**
 * Judges one image by every clause, all at once. Nothing that is empty, short, or can't be read counts as
 * yes.
 */
export function judge(evidence: Evidence): Judgement {
  const { image, enabled, verification } = evidence;
  const { verdict, clauses } = enabled ? provenanceClauses(evidence) : { verdict: DISABLED, clauses: [] };
  if (verification !== null) {
    clauses.push({
      property: "requireVerified",
      ok: verification.state === "verified",
      message:
        verification.state === "verified"
          ? "the image is verified"
          : `the image ${image.id} is not verified (${verification.state}): ${verification.reason ?? "no reason on record"}`,
    });
  }
  return { ok: clauses.every(({ ok }) => ok), verdict, clauses };
}

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
