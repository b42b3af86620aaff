import { VerifiedImagesError } from "../base/errors/base";

/** What is wrong with one input: the property, and a sentence that says what to do. */
export interface InputFailure {
  /** Property path, e.g. `timeouts.git`. Empty if nobody should see the value, which Pulumi prints beside the name. */
  property: string;
  reason: string;
  /** The property path, if `property` is empty. */
  about?: string;
}

/** The name of the input that a failure is about. */
export function inputOf({ property, about }: InputFailure): string {
  return (about ?? property).split(".")[0] ?? "";
}

/** Some inputs can't be used. The message names all failures. */
export class InputError extends VerifiedImagesError {
  constructor(readonly failures: readonly InputFailure[]) {
    super("input", failures.map(({ property, reason }) => `${property}: ${reason}`).join("; "));
  }
}
