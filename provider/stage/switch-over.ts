import type { Containers } from "../engines/containers";
import { StagingRedError, type RedStep } from "./errors";
import { waitUntilHealthy, type Probe } from "./health";
import type { SetAside } from "./release";
import { restore } from "./set-aside";
import { lastCharacters } from "./tail";
import { messageOf } from "../base/errors/message";

/** A release whose container is there, not started yet. */
interface FreshRelease {
  name: string;
  containerId: string;
  imageId: string;
  before: readonly SetAside[];
}

/** What decides about a release's health. */
interface HealthCheck {
  url: string;
  deadlineSeconds: number;
}

/**
 * Stops what ran before, starts the fresh container and waits until it is healthy.
 *
 * @returns seconds until it was healthy
 * @throws {StagingRedError} when it can't be started or is not healthy in time; what ran before runs again
 */
export async function switchOver(
  containers: Containers,
  probe: Probe,
  release: FreshRelease,
  check: HealthCheck,
  signal?: AbortSignal,
): Promise<number> {
  let step: RedStep = "start";
  const red = async (detail: string, cause?: unknown): Promise<StagingRedError> => {
    const output = lastCharacters(await containers.logs(release.containerId).catch(() => ""));
    const aftermath = await restore(containers, release, release.before);
    return new StagingRedError(step, detail, aftermath, output, { cause });
  };
  try {
    const fresh = await containers.find(release.containerId);
    if (fresh === null) throw new Error("the fresh container is gone");
    if (fresh.imageId !== release.imageId) {
      throw new Error(`the fresh container runs ${fresh.imageId}, not ${release.imageId}`);
    }
    for (const { id } of release.before) {
      if ((await containers.find(id)) !== null) await containers.stop(id);
    }
    signal?.throwIfAborted();
    await containers.start(release.containerId);
    step = "health";
    const health = await waitUntilHealthy(probe, check.url, check.deadlineSeconds, signal);
    if (health.ok) return health.seconds;
    throw new Error(health.reason);
  } catch (error) {
    throw await red(messageOf(error), error);
  }
}
