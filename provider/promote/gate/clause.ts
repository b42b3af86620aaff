/** One clause of the gate and what it says of one image. */
export interface Clause {
  /** The input that the clause is about. */
  property: string;
  ok: boolean;
  /** A verdict by contract, or a sentence a person can act on. */
  message: string;
  /** true: it holds, but has to be said aloud. */
  warning?: true;
}

/** A promotion that was let through although clauses say no. */
export interface Override {
  /** The operator's words. */
  reason: string;
  /** What each refusing clause said. */
  refused: string[];
}

/** The gate's answer: every clause, and whether the image may be promoted. */
export interface Judgement {
  /** All clauses hold, or the refusing ones are overridden. */
  ok: boolean;
  /** The provenance verdict, exactly as `provenanceVerdict` words it. */
  verdict: string;
  clauses: Clause[];
  /** By what it passes although clauses say no; null, or absent, when nothing is overridden. */
  override?: Override | null;
}

/** A clause's message where its property does not stand before it; an input's message begins where its name ends. */
export function clauseWords(property: string, message: string): string {
  return /^(?:is|was) /.test(message) ? `${property} ${message}` : message;
}

/** What the gate says when its provenance clause is switched off. */
export const DISABLED = "image-freshness disabled";
