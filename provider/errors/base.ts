/**
 * The root of every error this package throws on purpose.
 *
 * `code` is stable and made for programs; `message` is one paragraph for people: what is wrong, what was
 * expected, what to do next. `hint`, where present, is already part of the message.
 */
export class VerifiedImagesError extends Error {
  /** Brand: true on every error of this package, also across copies of it. */
  readonly isVerifiedImagesError = true as const;

  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** True for errors of this package, whichever copy of it threw them. */
export function isVerifiedImagesError(error: unknown): error is VerifiedImagesError {
  return error instanceof Error && (error as Partial<VerifiedImagesError>).isVerifiedImagesError === true;
}
