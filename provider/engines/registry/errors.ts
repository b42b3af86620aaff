import { VerifiedImagesError } from "../../base/errors/base";

/** A registry gave no usable answer, or did not do what it was asked. Says nothing about any image: "can't tell". */
export class RegistryError extends VerifiedImagesError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("registry-unanswered", message, options);
  }
}

/** What a registry has under a reference is no image, nor an index of images. */
export class NotAnImageError extends VerifiedImagesError {
  constructor(message: string) {
    super("not-an-image", message);
  }
}

/** There is no program here that speaks to registries. */
export class RegistryToolMissingError extends VerifiedImagesError {
  constructor(message: string) {
    super("registry-tool-missing", message);
  }
}

/** An image was pushed, copied or read, and what arrived is not what was sent. */
export class DigestMismatchError extends VerifiedImagesError {
  constructor(message: string) {
    super("digest-mismatch", message);
  }
}
