import type { ImageFacts } from "../../engines/engine";
import type { CommitFacts } from "../../base/git/commit";
import { isFullRevision } from "../../base/revision/revision";
import type { Verification } from "../../store/verified-state";
import { DISABLED, type Clause, type Judgement } from "./clause";
import { commitClauses, type CommitInput } from "./commit-clauses";
import { originClause, type LabelOrigin } from "./own-label";
import { onOneLine } from "../../base/errors/message";
import { visible } from "../../base/words/visible";
import { provenanceVerdict, REVISION_LABEL } from "../../base/revision/verdict";

/** Everything that one image is judged by. */
export interface Evidence {
  image: ImageFacts;
  expectedRevision: string | null;
  /** false: the clauses about the revision are left out. */
  enabled: boolean;
  /** What the store says of this image; null: not asked. */
  verification: Verification | null;
  /** Where the image's revision label comes from; null or absent: not asked, or the image has no label. */
  origin?: LabelOrigin | null;
  /** What the work tree says of the expected revision; null or absent: not asked. */
  commit?: { input: CommitInput; facts: CommitFacts } | null;
}

/** Whether a text counts as given: the same rule as in `provenanceVerdict`. */
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
  if (given(actual) && evidence.origin)
    clauses.push(originClause(evidence.origin, evidence.verification?.state === "verified"));
  if (evidence.commit) {
    clauses.push(...commitClauses(expected ?? "", evidence.commit.input, evidence.commit.facts));
  }
  return { verdict: provenance.message, clauses };
}

/** A clause that is one line, whatever texts of images, registries and tools it quotes. */
function onOwnLine(clause: Clause): Clause {
  return { ...clause, message: visible(onOneLine(clause.message)) };
}

/**
 * Judges one image by every clause and reports them all. A value that is empty, shortened or unreadable never passes.
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
  return { ok: clauses.every(({ ok }) => ok), verdict, clauses: clauses.map(onOwnLine) };
}

/** The gate's judgement of one platform's image. */
export interface PlatformJudgement {
  platform: string;
  judgement: Judgement;
}

/**
 * One judgement of all images of an index: every clause must hold for each image. A clause that is the same for all is
 * listed once; any other is listed with its platform's name. The verdict is that of the first image that is refused; if
 * none is refused, of the first image.
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
