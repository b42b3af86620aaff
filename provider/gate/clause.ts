/** One clause of the gate and what it says of one image. */
export interface Clause {
  /** The input that the clause is about. */
  property: string;
  ok: boolean;
  /** A verdict by contract, or a sentence a person can act on. */
  message: string;
}

/** The gate's answer: every clause, and whether all of them hold. */
export interface Judgement {
  ok: boolean;
  /** The provenance verdict, exactly as `provenanceVerdict` words it. */
  verdict: string;
  clauses: Clause[];
}

/** What the gate says when its provenance clause is switched off. */
export const DISABLED = "image-freshness disabled";
