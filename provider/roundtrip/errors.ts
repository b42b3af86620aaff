import { VerifiedImagesError } from "../errors/base";

/** The context is no longer what was built from, so a rebuild would prove nothing. */
export class ContextChangedError extends VerifiedImagesError {
  constructor(context: string) {
    super(
      "context-changed",
      `the build context ${context} has changed since the image was built, so the rebuild would prove nothing; ` +
        "build again from the present context",
    );
  }
}
