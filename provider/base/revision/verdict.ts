import { visible } from "../words/visible";

/** Whether a revision matches, and a sentence that says why or why not. */
export interface Verdict {
  ok: boolean;
  message: string;
}

const SHOWN = 12;

/** The label that holds the revision of an image (OCI image spec, annotations). */
export const REVISION_LABEL = "org.opencontainers.image.revision";

/** The revision in an image's labels, trimmed; empty where there is none. */
export function revisionIn(labels: Readonly<Record<string, string>>): string {
  return (labels[REVISION_LABEL] ?? "").trim();
}

function known(text: string | null | undefined): string {
  const trimmed = (text ?? "").trim();
  return trimmed === "<no value>" ? "" : trimmed;
}

/**
 * Compares the validated revision with the revision of an image. They match if they are the same after trimming. Null
 * and the literal `<no value>`, which templates print for a missing label, count as empty. An empty one never matches.
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
    return { ok: false, message: `provenance mismatch: image ${shown(found)} != expected ${shown(wanted)}` };
  }
  return { ok: true, message: `provenance match: ${shown(wanted)}` };
}

const shown = (revision: string): string => visible(revision.slice(0, SHOWN));
