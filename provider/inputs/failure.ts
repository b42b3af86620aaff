import { VerifiedImagesError } from "../errors/base";

/** Something wrong with one input: which property, and a sentence that says what to do. */
export interface InputFailure {
  /** Property path, e.g. `timeouts.git`. */
  property: string;
  reason: string;
}

/** Inputs that can't be used; names every failure at once. */
export class InputError extends VerifiedImagesError {
  constructor(readonly failures: readonly InputFailure[]) {
    super("input", failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  }
}
