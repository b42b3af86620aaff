/** One clause of the gate: what it found out about one image. */
export interface Clause {
  /** The input that the clause is about. */
  property: string;
  ok: boolean;
  /** Either a verdict of `provenanceVerdict`, word for word, or a sentence that a person can act on. */
  message: string;
  /** true: the clause holds, but the user is warned. */
  warning?: true;
  /** true: whether the clause holds can't be told. */
  doubt?: true;
}

/** A promotion that was let through although clauses refused it. */
export interface Override {
  /** The operator's words. */
  reason: string;
  /** What each refusing clause said. */
  refused: string[];
}

/** The gate's answer: every clause, and whether the image may be promoted. */
export interface Judgement {
  /** Every clause holds, or an override covers those that refuse. */
  ok: boolean;
  /** The provenance verdict, exactly as `provenanceVerdict` words it. */
  verdict: string;
  clauses: Clause[];
  /** The override that lets it pass although clauses refuse; null or absent: nothing is overridden. */
  override?: Override | null;
}

/**
 * A clause's message as a sentence of its own. A message that begins with "is" or "was" is written to follow the name of
 * its input, so that name is put before it.
 */
export function clauseWords(property: string, message: string): string {
  return /^(?:is|was) /.test(message) ? `${property} ${message}` : message;
}

/** What the gate says when its provenance clause is switched off. */
export const DISABLED = "image-freshness disabled";
