import { VerifiedImagesError } from "./base";

/** The store holds something that can't be read, or lacks something that it should hold. */
export class StoreError extends VerifiedImagesError {
  constructor(
    message: string,
    readonly file: string,
    options?: { cause?: unknown },
  ) {
    super("store", message, options);
  }
}
