import { VerifiedImagesError } from "../../base/errors/base";

/**
 * The exported file system could not be read to its end, so nothing can be said about what is installed.
 *
 * `code` is `capture-incomplete` (the stream was cut or failed), `capture-malformed` (it is no well-formed
 * export) or `capture-aborted` (the caller's signal fired). The underlying error, if any, is `cause`.
 */
export class CaptureError extends VerifiedImagesError {
  constructor(
    code: "capture-incomplete" | "capture-malformed" | "capture-aborted",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
  }
}

/** Longest excerpt of image content that a message repeats, in characters. */
const EXCERPT = 200;

/**
 * Text from an image made safe to print: JSON-quoted, so that control characters can't reach a terminal,
 * and cut to 200 characters.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text);
}
