import { VerifiedImagesError } from "../provider/base/errors/base";

/** A package that a component needs is not installed. */
export class MissingPackageError extends VerifiedImagesError {
  constructor(component: string, name: string, options?: { cause?: unknown }) {
    super(
      "missing-package",
      `${component} needs ${name}, which is not installed: npm install ${name}`,
      options,
    );
  }
}

/**
 * Loads a package only when a component needs it, because a program without that component need not install it.
 *
 * @throws {MissingPackageError} when it is not installed
 */
export function neededPackage<T>(component: string, name: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
    if (missing && String(error).includes(name))
      throw new MissingPackageError(component, name, { cause: error });
    throw error;
  }
}
