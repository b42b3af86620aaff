import type { ImageFacts } from "../engine/engine";
import { isFullRevision } from "../git/revision";
import type { Verification } from "../store/verification";
import { DISABLED, type Clause, type Judgement } from "./clause";
import { provenanceVerdict, REVISION_LABEL } from "./verdict";

/** Everything that one image is judged by. */
export interface Evidence {
  image: ImageFacts;
  expectedRevision: string | null;
  /** false: the provenance clause is left out. */
  enabled: boolean;
  /** What the store says of this image; null when that is not asked for. */
  verification: Verification | null;
}

/**
 * Judges one image by every clause, all at once. Nothing that is empty, short, or can't be read counts as
 * yes. Pure.
 */
export function judge(evidence: Evidence): Judgement {
  const { image, enabled, verification } = evidence;
  const clauses: Clause[] = [];
  let verdict = DISABLED;
  if (enabled) {
    const actual = image.labels[REVISION_LABEL] ?? null;
    const provenance = provenanceVerdict(evidence.expectedRevision, actual);
    verdict = provenance.message;
    clauses.push({ property: "expectedRevision", ...provenance });
    if (provenance.ok && !isFullRevision(evidence.expectedRevision ?? "")) {
      clauses.push({
        property: "expectedRevision",
        ok: false,
        message:
          "is not a full git revision; expected exactly 40 or 64 lower-case hex digits (git rev-parse HEAD)",
      });
    }
    if (provenance.ok && !isFullRevision(actual ?? "")) {
      clauses.push({
        property: "source",
        ok: false,
        message: `the image's label ${REVISION_LABEL} is not a full git revision`,
      });
    }
  }
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
