import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { refusalOf } from "../../base/errors/system-error";

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

/** What the operating system refuses at a path, in words. */
export const refused = (path: string, what: string, cause: unknown): SifPathError =>
  new SifPathError(path, `${what}: ${refusalOf(cause) ?? messageOf(cause)}`, { cause });

/** The SIF image to promote does not exist. Code `source-missing`. */
export class SifMissingError extends VerifiedImagesError {
  constructor(source: string, detail: string) {
    super(
      "source-missing",
      `there is no SIF image ${source}: ${detail}; build it first, or name another one`,
    );
  }
}
