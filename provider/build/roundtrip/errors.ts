import { VerifiedImagesError } from "../../base/errors/base";

/**
 * The pins forbid packages that a rebuild needs and the lock does not have: those that apt installed and removed again and
 * that could not be seen. A limit of the lock, not a drift.
 */
export class OutsideLockError extends VerifiedImagesError {
  constructor(
    readonly names: readonly string[],
    logFile: string,
  ) {
    super(
      "outside-lock",
      `the locked rebuild needs packages that the lock does not have (${names.join(", ")}); either they are new to ` +
        "the archive, or they were removed again in the build and its log does not tell of them: let the RUN that " +
        `installs them print less, and nothing of its standard error go elsewhere (log: ${logFile})`,
    );
  }
}

/** How many differences an error names. */
const NAMED = 10;

/** Transient packages differ, or were only not seen: part of a build's log is missing. */
export class TransientsUnknownError extends VerifiedImagesError {
  constructor(
    readonly differences: readonly string[],
    logFiles: readonly string[],
  ) {
    const rest = differences.length - NAMED;
    super(
      "transients-unknown",
      "the log of a RUN was clipped, so it can't be told whether packages that were removed again are the same " +
        `(${differences.slice(0, NAMED).join("; ")}${rest > 0 ? ` … and ${rest} more` : ""}); let that RUN print ` +
        `less, and build again (logs: ${logFiles.join(", ")})`,
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

/** The engine is not the one that built the image: what it would build proves nothing about that image. */
export class OtherEngineError extends VerifiedImagesError {
  constructor(reference: string, then: string, now: string) {
    super(
      "other-engine",
      `${reference} was built on another engine (${then}, now ${now}), so a rebuild here would prove nothing; ` +
        "verify it where it was built, or build again",
    );
  }
}
