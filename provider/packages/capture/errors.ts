import { VerifiedImagesError } from "../../base/errors/base";

/**
 * The exported file system could not be read to its end, so it is unknown what is installed.
 *
 * `code` is `capture-incomplete` (the stream was cut or failed), `capture-malformed` (it is not a well-formed export),
 * `capture-whiteout` (a file's name means a deletion to other engines) or `capture-aborted` (the caller's signal aborted). `cause` is the underlying error, if there is one.
 */
export class CaptureError extends VerifiedImagesError {
  constructor(
    code: "capture-incomplete" | "capture-malformed" | "capture-whiteout" | "capture-aborted",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }
}

/** Whether an error is about what is in an image, and not about a stream that broke. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof CaptureError && (error.code === "capture-malformed" || error.code === "capture-whiteout")
  );
}

/** How many characters of text from an image a message repeats. */
const EXCERPT = 200;

/**
 * Makes text from an image safe to print. It is quoted as JSON, so that no control character gets to a terminal, and
 * cut to 200 characters.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text);
}
