import { VerifiedImagesError } from "./base";
import { onOneLine } from "./message";

/** Something that has to be verified is not; names the artifact and the drift, on one line. */
export class VerifyError extends VerifiedImagesError {
  constructor(
    /** What was to be used. */
    readonly artifact: string,
    detail: string,
    /** What is known of it all the same. */
    readonly evidence?: unknown,
  ) {
    super("not-verified", `${artifact} is not verified: ${onOneLine(detail)}`);
  }
}
