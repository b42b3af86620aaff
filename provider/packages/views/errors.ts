import { VerifiedImagesError } from "../../base/errors/base";

/** A lock that a format can't express; the message says what to choose instead. */
export class ViewError extends VerifiedImagesError {
  constructor(message: string) {
    super("view", message);
  }
}
