import { VerifiedImagesError } from "../base/errors/base";

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

/** There is no `docker compose`, or too old a one. */
export class ComposeMissingError extends VerifiedImagesError {
  constructor(detail: string) {
    super(
      "compose-missing",
      `docker compose (v2) is not there (${detail}); install the compose plugin of the docker client ` +
        "(https://docs.docker.com/compose/install/)",
    );
  }
}

/** Compose refuses a compose file. */
export class ComposeUnreadableError extends VerifiedImagesError {
  constructor(file: string, detail: string, options?: { cause?: unknown }) {
    super("compose-unreadable", `docker compose can't use ${file}: ${detail}`, options);
  }
}
