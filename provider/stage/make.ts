import type { Containers } from "../engines/containers";
import { CommandError, commandFailureMessage } from "../base/process/command-error";
import { messageOf } from "../base/errors/message";
import { StagingRedError } from "./errors";
import { RELEASE_LABEL, type SetAside } from "./release";
import { restore } from "./set-aside";
import { lastCharacters } from "./tail";

/** A release whose container is to be made. */
export interface PlannedRelease {
  name: string;
  release: string;
  before: readonly SetAside[];
}

/** What failed, and what it printed last. */
function failureOf(error: unknown): { detail: string; output: string } {
  if (!(error instanceof CommandError)) return { detail: messageOf(error), output: "" };
  const { failure } = error;
  return {
    detail: commandFailureMessage({ ...failure, stderr: "" }),
    output: lastCharacters(failure.stderr),
  };
}

/**
 * Makes the container of a release, not started yet; what ran before serves meanwhile, under another name.
 *
 * @param make makes it and returns its ID
 * @throws {StagingRedError} when that fails; what ran before has its name again, and nothing else is left
 */
export async function makeFresh(
  containers: Containers,
  release: PlannedRelease,
  make: () => Promise<string>,
): Promise<string> {
  try {
    return await make();
  } catch (error) {
    const { detail, output } = failureOf(error);
    const left = await containers.neverStarted(RELEASE_LABEL, release.release).catch(() => []);
    for (const { id } of left) await containers.remove(id).catch(() => undefined);
    const aftermath = await restore(containers, { name: release.name, containerId: null }, release.before);
    throw new StagingRedError("create", detail, aftermath, output, { cause: error });
  }
}
