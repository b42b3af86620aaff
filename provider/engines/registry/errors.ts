import { VerifiedImagesError } from "../../base/errors/base";

/** A registry gave no usable answer, or did not do what it was asked to do. This says nothing about any image. */
export class RegistryError extends VerifiedImagesError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("registry-unanswered", message, options);
  }
}

/** A reference stands for something else than an image or an index of images. */
export class NotAnImageError extends VerifiedImagesError {
  constructor(message: string) {
    super("not-an-image", message);
  }
}

/** The program that is needed to talk to registries is not installed. */
export class RegistryToolMissingError extends VerifiedImagesError {
  constructor(message: string) {
    super("registry-tool-missing", message);
  }
}

/** An image was pushed, copied or read, and another one arrived. */
export class DigestMismatchError extends VerifiedImagesError {
  constructor(message: string) {
    super("digest-mismatch", message);
  }
}
