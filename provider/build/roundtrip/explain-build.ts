import { readFile } from "node:fs/promises";
import { tailOf } from "../../base/process/tail";
import { BuildFailedError } from "../../engines/errors";
import type { BuildPlan } from "../../inputs/image-inputs";
import type { ParsedDockerfile } from "../../recipe/dockerfile/types";
import { readBuildOutput } from "./failed-step";
import { failedPlace } from "./failed-words";
import { hideSecrets } from "./hide-secrets";
import { givenName } from "./run-build";

/** How many lines of the failed command's output the error shows. */
const TAIL_LINES = 20;

/**
 * Names the line of the recipe in the error of a build that one of its instructions ended. What was added to the recipe for
 * the build is not shown. Any other error is returned as it is.
 */
export async function explainBuild(
  error: unknown,
  recipe: ParsedDockerfile,
  secrets: BuildPlan["secrets"],
): Promise<unknown> {
  if (!(error instanceof BuildFailedError)) return error;
  const log = await readFile(error.logFile, "utf8").catch(() => null);
  const found = log === null ? null : readBuildOutput(log).failed;
  if (found === null) return error;
  const failed = await hideSecrets(found, secrets);
  const { ended } = failedPlace(failed, recipe, recipe, givenName);
  const said = failed.lines.length > 0 ? failed.lines.join("\n") : failed.error.replace(/^#\d+ ERROR: /, "");
  const tail = tailOf(said, TAIL_LINES);
  return new BuildFailedError(
    `docker build failed: ${ended}; its log is ${error.logFile}, and ends:\n${tail}`,
    error.logFile,
    tail,
  );
}
