import { VerifiedImagesError } from "../errors/base";

/** A question about a work tree can't be answered, although git did not fail. */
export class GitUnsureError extends VerifiedImagesError {
  constructor(why: string) {
    super("git-unsure", why);
  }
}
