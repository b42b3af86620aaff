import { VerifiedImagesError } from "../errors/base";

/** The pins forbid packages that the recipe needs for a moment; a limit of the lock, not a drift. */
export class OutsideLockError extends VerifiedImagesError {
  constructor(
    readonly names: readonly string[],
    logFile: string,
  ) {
    super(
      "outside-lock",
      `the locked rebuild needs packages that the lock does not have (${names.join(", ")}); recipes that install ` +
        `and remove packages within one RUN can't be verified yet (log: ${logFile})`,
    );
  }
}

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
