import { normalisedName } from "../../packages/capture/python/metadata";
import type { ParsedDockerfile, Stage } from "../../recipe/dockerfile/types";
import { runInstructions } from "../../recipe/dockerfile/stages";
import type { ReplacedInRun } from "../../recipe/pins/replaced";
import { failedInstruction } from "./failed-instruction";
import { stepsOf } from "./failed-step";

const INSTALLED = "Successfully installed ";

/** The versions of each project that pip says to have installed, each once. */
function installedBy(lines: readonly string[]): Map<string, Set<string>> {
  const versions = new Map<string, Set<string>>();
  for (const line of lines) {
    if (!line.startsWith(INSTALLED)) continue;
    for (const word of line.slice(INSTALLED.length).trim().split(/\s+/)) {
      const at = word.lastIndexOf("-");
      if (at <= 0) continue;
      const name = normalisedName(word.slice(0, at));
      versions.set(name, (versions.get(name) ?? new Set()).add(word.slice(at + 1)));
    }
  }
  return versions;
}

/**
 * What pip installed at several versions in one and the same RUN, by what it printed. No layer tells that, and a RUN whose
 * pip is quiet does not either.
 *
 * @param log of the build
 * @param built the recipe that was built
 * @param given the name that a stage without one got for the build
 */
export function replacedInRuns(
  log: string,
  built: ParsedDockerfile,
  given: (stage: Stage) => string,
): ReplacedInRun[] {
  return stepsOf(log).flatMap(({ title, lines }) => {
    const several = [...installedBy(lines)].filter(([, versions]) => versions.size > 1);
    if (several.length === 0) return [];
    const place = failedInstruction({ title, error: "", exitCode: null }, built, given);
    if (place === null) return [];
    const run = runInstructions(place.stage).findIndex((one) => one === place.instruction) + 1;
    return run === 0
      ? []
      : several.map(([name, versions]) => ({ stage: place.stage.index, run, name, versions: [...versions] }));
  });
}
