import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import { failedInstruction, writtenInstruction, type Place } from "./failed-instruction";
import type { FailedStep } from "./failed-step";
import { quotedOutput, quotedPlace } from "./quoted";

/** Where a build failed, in words. */
export interface FailedPlace {
  /** In the recipe that was built; null: not known. */
  built: Place | null;
  /** `line 3 of the recipe (RUN make)`, or what is known instead. */
  words: string;
  /** The same, with how it ended: `line 3 of the recipe (RUN make) ended with exit code 2`. */
  ended: string;
  /** The same as a clause: `line 3 of the recipe (RUN make) ended with exit code 2 and printed last: ...`. */
  clause: string;
}

/**
 * Says where a build failed, in terms of the user's own recipe.
 *
 * @param built the recipe that was built
 * @param written the recipe without pins; null: it can't be read
 */
export function failedPlace(
  failed: FailedStep,
  built: ParsedDockerfile,
  written: ParsedDockerfile | null,
  given: (stage: Stage) => string,
): FailedPlace {
  const place = failedInstruction(failed, built, given);
  const own = place === null || written === null ? null : writtenInstruction(place, built, written);
  const words = own === null ? "a command that no line of the recipe shows" : quotedPlace(own);
  const output = quotedOutput(failed.lines);
  const ended = `${words} ${failed.exitCode === null ? "failed" : `ended with exit code ${failed.exitCode}`}`;
  const printed = output === "" ? "" : ` and printed last: ${output}`;
  return { built: place, words, ended, clause: `${ended}${printed}` };
}
