import { type ParsedDockerfile } from "./types";

/**
 * The 1-based lines of every `ONBUILD RUN`. It is text in the image's configuration that runs in other builds:
 * nothing can be mounted into it without changing the image.
 */
export function onbuildRuns(parsed: ParsedDockerfile): number[] {
  return parsed.stages.flatMap((stage) =>
    stage.instructions.filter(({ onbuild, keyword }) => onbuild && keyword === "RUN").map(({ line }) => line),
  );
}
