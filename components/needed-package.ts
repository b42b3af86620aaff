import { VerifiedImagesError } from "../provider/base/errors/base";

/** A package that only some components need is not installed. */
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
 * Loads a package in the moment in which a component needs it: programs that use other parts don't have it.
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
