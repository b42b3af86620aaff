import { VerifiedImagesError } from "../errors/base";

/** How many characters of a bad text an error repeats. */
const SHOWN = 120;

/** A text that is no image reference; `reason` says why, `text` is what was given. Code `reference-invalid`. */
export class InvalidReferenceError extends VerifiedImagesError {
  constructor(
    readonly text: string,
    readonly reason: string,
  ) {
    super("reference-invalid", invalidReferenceMessage(text, reason));
  }
}

/** The words of {@link InvalidReferenceError}: what is wrong, and what a valid reference looks like. */
export function invalidReferenceMessage(text: string, reason: string): string {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return (
    `${JSON.stringify(shown)} is not an image reference: ${reason}. ` +
    "Expected [registry/]repository[:tag][@digest], such as debian:bookworm-slim, " +
    "registry.example.com:5000/team/app:1.2 or debian@sha256:<64 hex digits>, " +
    "or an image ID, sha256:<64 hex digits>."
  );
}
