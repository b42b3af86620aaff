import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import { BuildFailedError } from "../../engines/errors";

/** What a frontend that knows no here-documents says of the first line of one: it takes it for an instruction. */
const TAKEN_FOR_INSTRUCTION = /dockerfile parse error[^\n]*: unknown instruction: /i;

/**
 * The error of a build, with the reason in front where the builder is too old for a here-document of the recipe: it
 * complains of an instruction that nobody wrote, on a line of the text that was made for it.
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
