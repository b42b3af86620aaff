import { VerifiedImagesError } from "./base";
import { onOneLine } from "./message";

/** An artifact has to be verified, and is not. The message is one line that names the artifact and the drift. */
export class VerifyError extends VerifiedImagesError {
  constructor(
    /** The artifact that was to be used. */
    readonly artifact: string,
    detail: string,
    /** What is known about the artifact, for programs. */
    readonly evidence?: unknown,
  ) {
    super("not-verified", `${artifact} is not verified: ${onOneLine(detail)}`);
  }
}
