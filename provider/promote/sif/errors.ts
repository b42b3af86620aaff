import { VerifiedImagesError } from "../../base/errors/base";

/** What is at a path where a SIF image belongs can't be told, or can't be changed. Code `sif-path`. */
export class SifPathError extends VerifiedImagesError {
  constructor(
    readonly path: string,
    detail: string,
    options?: { cause?: unknown },
    /** The folder of the path is not there: perhaps its file system is not mounted. */
    readonly hasNoFolder = false,
  ) {
    super("sif-path", `${path}: ${detail}`, options);
  }
}

/** The SIF image to promote does not exist. Code `source-missing`. */
export class SifMissingError extends VerifiedImagesError {
  constructor(source: string, detail: string) {
    super(
      "source-missing",
      `there is no SIF image ${source}: ${detail}; build it first, or name another one`,
    );
  }
}
