import { VerifiedImagesError } from "../../base/errors/base";

/** A recipe that can't be used as it is written. `code` is always `recipe`. */
export class RecipeError extends VerifiedImagesError {
  constructor(
    message: string,
    /** Line of the recipe, from 1; null if the fault has no line (an empty file). */
    readonly line: number | null = null,
  ) {
    super("recipe", line === null ? `Recipe: ${message}` : `Recipe, line ${line}: ${message}`);
  }
}
