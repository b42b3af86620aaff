import { VerifiedImagesError } from "../../base/errors/base";

/** A committed lock can't be used for this build. Nothing was built. */
export class LockFileError extends VerifiedImagesError {
  constructor(
    message: string,
    readonly file: string,
  ) {
    super("lock-file", message);
  }
}
