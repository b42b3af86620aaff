import { VerifiedImagesError } from "../errors/base";

/** The engine can't be asked: no CLI, no daemon, a timeout. Says nothing about any image: "can't tell". */
export class EngineUnreachableError extends VerifiedImagesError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("engine-unreachable", message, options);
  }
}

/** The engine answers but can't do what is asked (no BuildKit, an unsupported feature). */
export class EngineUnsuitableError extends VerifiedImagesError {
  constructor(message: string) {
    super("engine-unsuitable", message);
  }
}

/** A build that ended without an image. */
export class BuildFailedError extends VerifiedImagesError {
  constructor(
    message: string,
    /** The build's own log. */
    readonly logFile: string,
    /** The end of that log. */
    readonly tail: string,
  ) {
    super("build-failed", message);
  }
}
