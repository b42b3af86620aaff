/** What the gate says. */
export interface Verdict {
  ok: boolean;
  message: string;
}

const SHOWN = 12;

/** The label every image is judged by (OCI image spec, annotations). */
export const REVISION_LABEL = "org.opencontainers.image.revision";

/** The revision that labels give, trimmed; empty where there is none. */
export function revisionIn(labels: Readonly<Record<string, string>>): string {
  return (labels[REVISION_LABEL] ?? "").trim();
}

function known(text: string | null | undefined): string {
  const trimmed = (text ?? "").trim();
  return trimmed === "<no value>" ? "" : trimmed;
}

/**
 * Compares the validated revision with an image's own, exactly. Both are trimmed; null and the literal
 * `<no value>`, which templates print for a missing label, count as empty; empty never matches.
 */
export function provenanceVerdict(
  expected: string | null | undefined,
  actual: string | null | undefined,
): Verdict {
  const wanted = known(expected);
  const found = known(actual);
  if (wanted === "") return { ok: false, message: "provenance fail-closed: empty expected revision" };
  if (found === "") return { ok: false, message: "provenance fail-closed: image has no revision label" };
  if (wanted !== found) {
    const shown = `image ${found.slice(0, SHOWN)} != expected ${wanted.slice(0, SHOWN)}`;
    return { ok: false, message: `provenance mismatch: ${shown}` };
  }
  return { ok: true, message: `provenance match: ${wanted.slice(0, SHOWN)}` };
}
