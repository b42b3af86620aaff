import { VerifiedImagesError } from "../base/errors/base";

/** Something wrong with one input: which property, and a sentence that says what to do. */
export interface InputFailure {
  /** Property path, e.g. `timeouts.git`; empty where nobody should see its value, which Pulumi prints beside its name. */
  property: string;
  reason: string;
  /** The property path where `property` is empty. */
  about?: string;
}

/** The input that a failure is about, whether it is named or not. */
export function inputOf({ property, about }: InputFailure): string {
  return (about ?? property).split(".")[0] ?? "";
}

/** Inputs that can't be used; names every failure at once. */
export class InputError extends VerifiedImagesError {
  constructor(readonly failures: readonly InputFailure[]) {
    super("input", failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  }
}
