import { VerifiedImagesError } from "../../base/errors/base";

/**
 * The rebuild needs packages that the lock does not have, and the pins forbid them. They may be packages that the first
 * build installed and removed again without being seen. That is a limit of the lock, so it is no drift.
 */
export class OutsideLockError extends VerifiedImagesError {
  constructor(
    readonly names: readonly string[],
    logFile: string,
  ) {
    super(
      "outside-lock",
      `the locked rebuild needs packages that the lock does not have (${names.join(", ")}); either they are new in ` +
        "the archive, or the first build removed them again and its log does not show them. In that case let the RUN " +
        `that installs them print less, and do not send its standard error elsewhere (log: ${logFile})`,
    );
  }
}

/** How many differences an error lists. */
const NAMED = 10;

/** Transient packages may differ, or some were only not seen, because part of a build's log is missing. */
export class TransientsUnknownError extends VerifiedImagesError {
  constructor(
    readonly differences: readonly string[],
    logFiles: readonly string[],
  ) {
    const rest = differences.length - NAMED;
    super(
      "transients-unknown",
      "the log of a RUN was clipped, so it is not known whether both builds installed and removed the same packages " +
        `(${differences.slice(0, NAMED).join("; ")}${rest > 0 ? ` … and ${rest} more` : ""}); let that RUN print ` +
        `less, and build again (logs: ${logFiles.join(", ")})`,
    );
  }
}

/** Packages that nobody reads are in other places than before, so it is not known whether they are the same. */
export class NotCapturedMovedError extends VerifiedImagesError {
  constructor(readonly lines: readonly string[]) {
    super(
      "not-captured-moved",
      "every package that is read is the same, but what is not read is in other places, and it is not known whether " +
        `that is the same (${lines.join("; ")}); let the recipe put it into the same places, or remove it`,
    );
  }
}

/** The context has changed since the build, so a rebuild would prove nothing. */
export class ContextChangedError extends VerifiedImagesError {
  constructor(context: string) {
    super(
      "context-changed",
      `the build context ${context} has changed since the image was built, or a policy for its build has, so the ` +
        "rebuild would prove nothing; build again from the present context",
    );
  }
}

/** Another engine built the image. A rebuild on this one would prove nothing about that image. */
export class OtherEngineError extends VerifiedImagesError {
  constructor(reference: string, then: string, now: string) {
    super(
      "other-engine",
      `${reference} was built on another engine (${then}, now ${now}), so a rebuild here would prove nothing; ` +
        "verify it where it was built, or build again",
    );
  }
}

/** The locked rebuild failed, and that does not show that the recipe can't be repeated. */
export class RebuildFailedError extends VerifiedImagesError {
  constructor(
    what: string,
    proves: string,
    readonly logFile: string,
  ) {
    super("rebuild-failed", `${what}; ${proves} (log: ${logFile})`);
  }
}

/** The context changed during a build, so nothing is known about what was built. */
export class ContextUnsteadyError extends VerifiedImagesError {
  constructor(words: string) {
    super("context-changed", words);
  }
}
