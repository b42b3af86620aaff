import { VerifiedImagesError } from "../errors/base";
import type { Judgement } from "./clause";

/** The gate says no. Nothing was tagged. */
export class PromotionRefusedError extends VerifiedImagesError {
  constructor(
    source: string,
    readonly judgement: Judgement,
  ) {
    const said = judgement.clauses.filter(({ ok }) => !ok).map(({ message }) => message);
    super("promotion-refused", `${source} was not promoted, and no tag was moved: ${said.join("; ")}`);
  }
}

/** Tagging went wrong after the gate had said yes; earlier tags were put back. */
export class PromotionFailedError extends VerifiedImagesError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("promotion-failed", message, options);
  }
}
