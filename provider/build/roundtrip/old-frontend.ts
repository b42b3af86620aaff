import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import { BuildFailedError } from "../../engines/errors";

/** The error of an old frontend at the first line of a here-document, which it takes for an instruction. */
const TAKEN_FOR_INSTRUCTION = /dockerfile parse error[^\n]*: unknown instruction: /i;

/**
 * Explains the error of a builder that is too old for a here-document in the recipe. Its own message names an instruction
 * and a line that the user never wrote. Any other error is returned as it is.
 */
export function explainOldFrontend(error: unknown, recipe: ParsedDockerfile): unknown {
  if (!(error instanceof BuildFailedError) || !TAKEN_FOR_INSTRUCTION.test(error.tail)) return error;
  const instructions = recipe.stages.flatMap((stage) => stage.instructions);
  const first = instructions.find(({ heredocs }) => heredocs.length > 0);
  if (first === undefined) return error;
  const reason =
    `the here-document on line ${first.line} of the recipe is more than this builder knows: it takes Docker 23 or newer, ` +
    'or "# syntax=docker/dockerfile:1" as the first line where the builder can fetch that image';
  return new BuildFailedError(`${reason}; ${error.message}`, error.logFile, error.tail);
}
