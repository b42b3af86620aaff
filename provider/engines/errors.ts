import { VerifiedImagesError } from "../base/errors/base";

/** The engine gives no answer: no client, no daemon, or it took too long. This says nothing about any image. */
export class EngineUnreachableError extends VerifiedImagesError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("engine-unreachable", message, options);
  }
}

/** The engine answers, but can't do what is needed (no BuildKit, an unsupported feature). */
export class EngineUnsuitableError extends VerifiedImagesError {
  constructor(message: string) {
    super("engine-unsuitable", message);
  }
}

export class BuildFailedError extends VerifiedImagesError {
  constructor(
    message: string,
    /** Path of the build's log. */
    readonly logFile: string,
    /** The last lines of that log. */
    readonly tail: string,
  ) {
    super("build-failed", message);
  }
}

/** There is no `docker compose`, or it is too old. */
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
